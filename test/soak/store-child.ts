import { systemClock, systemIds } from '../../src/domain/system.js';
import { openStore } from '../../src/store/open-store.js';
import { aPost, aReport, aText, aVote } from '../helpers/factories.js';
import { name } from '../store/contract/names.js';

/** Run as a process of its own: each message is a key to post under; it is answered with the id. */
const store = await openStore(process.argv[2] ?? '', { clock: systemClock });
const { write } = store.threads;
const roots: string[] = [];

process.on('message', (key: string) => {
  void post(key).then(
    (id) => process.send?.({ key, id }),
    (error: unknown) => process.send?.({ key, failed: String(error) }),
  );
});
process.send?.({ open: true });

/** A root or a reply, then a vote and a report: numbers of several rows move in each commit. */
async function post(key: string): Promise<string> {
  const parentId = roots.length < 4 ? null : (roots.at(-(1 + (key.length % 4))) ?? null);
  const entropy = systemIds.entropy();
  const { comment } = await write(
    name,
    aPost({ text: aText(key), idem: key, bodyHash: key, entropy, parentId }),
  );
  if (comment === null) throw new Error('A post without a comment.');
  if (parentId === null) roots.push(comment.id);
  await write(name, aVote(parentId ?? comment.id, { actorId: key }));
  await write(name, aReport(parentId ?? comment.id, { actorId: key, ipKey: key }));
  return comment.id;
}
