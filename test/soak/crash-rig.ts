import { join } from 'node:path';
import { systemClock } from '../../src/domain/system.js';
import { createMaintenance } from '../../src/store/maintenance.js';
import { openStore } from '../../src/store/open-store.js';
import { aFolder } from '../helpers/folder.js';
import { seeded } from '../helpers/seeded.js';
import { readShown } from '../store/contract/harness.js';
import { tk } from '../store/contract/names.js';

/** A process that writes comments and may be killed at any moment. */
export interface Victim {
  /** Posts under a key; resolves to the comment's id once it is acknowledged, rejects if it dies first. */
  post(key: string): Promise<string>;
  /** kill -9; resolves once the process is gone. */
  kill(): Promise<void>;
}

/** Starts a victim on a database; resolves once it takes posts. */
export type StartVictim = (url: string) => Promise<Victim>;

/** What all rounds came to. */
export interface CrashReport {
  readonly rounds: number;
  readonly acknowledged: number;
  /** Posts that were under way when the process died. */
  readonly unanswered: number;
  readonly slowestStartMs: number;
}

/** Where the run of a seed goes wrong is told by the error's message. */
export interface CrashPlan {
  readonly startVictim: StartVictim;
  readonly rounds: number;
  readonly writers: number;
  readonly seed: number;
  /** Hears of each round. */
  readonly progress?: (line: string) => void;
}

/**
 * Kills a writing process again and again on one database. After each kill: everything acknowledged is
 * there, no key has made two comments, the file is whole and every number equals a recount. What had no
 * answer is sent again, with its key, to the next process.
 */
export async function runCrashes(plan: CrashPlan): Promise<CrashReport> {
  const folder = aFolder();
  const url = `sqlite:${join(folder.path, 'sayso.db')}`;
  const acknowledged = new Map<string, string>();
  const random = seeded(plan.seed);
  let pending: string[] = [];
  let unanswered = 0;
  let slowestStartMs = 0;
  try {
    for (let round = 1; round <= plan.rounds; round += 1) {
      const since = performance.now();
      const victim = await plan.startVictim(url);
      slowestStartMs = Math.max(slowestStartMs, performance.now() - since);
      pending = await writeUntilKilled(victim, { round, ...plan }, pending, acknowledged, random);
      unanswered += pending.length;
      await verify(url, acknowledged, `seed ${plan.seed}, round ${round}`);
      plan.progress?.(`round ${round}: ${acknowledged.size} acknowledged, ${pending.length} open`);
    }
    return { rounds: plan.rounds, acknowledged: acknowledged.size, unanswered, slowestStartMs };
  } finally {
    folder.remove();
  }
}

/** Returns the keys that had no answer when the process died. */
async function writeUntilKilled(
  victim: Victim,
  { round, writers }: { readonly round: number; readonly writers: number },
  before: readonly string[],
  acknowledged: Map<string, string>,
  random: () => number,
): Promise<string[]> {
  const queue = [...before];
  const open = new Set(before);
  let next = 0;
  let killed = false;
  const write = async (): Promise<void> => {
    while (!killed) {
      const key = queue.shift() ?? `round-${round}-${(next += 1)}`;
      open.add(key);
      try {
        acknowledged.set(key, await victim.post(key));
        open.delete(key);
      } catch (error) {
        if (!killed) throw error;
      }
    }
  };
  const writing = Promise.all(Array.from({ length: writers }, write));
  const killing = new Promise((resolve) => setTimeout(resolve, 20 + random() * 400)).then(() => {
    killed = true;
    return victim.kill();
  });
  await Promise.all([writing, killing]);
  return [...open];
}

async function verify(
  url: string,
  acknowledged: ReadonlyMap<string, string>,
  where: string,
): Promise<void> {
  // the store is opened as a server would: what the dead one held must be free
  const store = await openStore(url, { clock: systemClock });
  try {
    const shown = await readShown(store);
    // the text of each comment is its key
    const keys = [...shown.values()].map(({ text }) => text.trim());
    const doubled = duplicates(keys);
    const lost = [...acknowledged].filter(([, id]) => !shown.has(id)).map(([key]) => key);
    const findings = createMaintenance(url, { clock: systemClock }).examine();
    const bad = { lost, doubled, findings };
    if (lost.length + doubled.length + findings.length > 0) {
      throw new Error(`${where}: ${JSON.stringify(bad)}`);
    }
    if (acknowledged.size > 0 && (await store.threads.readThread(tk)) === null) {
      throw new Error(`${where}: the thread is gone`);
    }
  } finally {
    await store.close();
  }
}

function duplicates(keys: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return keys.filter((key) => seen.size === seen.add(key).size);
}
