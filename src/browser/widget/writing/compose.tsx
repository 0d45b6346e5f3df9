import { useState } from 'preact/hooks';
import type { CommentView } from '../../../contract/comment.js';
import { ApiError } from '../../shared/api.js';
import type { WriterProps } from '../model.js';
import { Composer } from './composer.js';
import { reasonOf } from './draft-note.js';

/** The composer for a comment of its own. */
export function Root({ box, writer }: WriterProps) {
  return (
    <Composer
      box={box}
      name={writer.name()}
      label={box.say('yourComment')}
      action={box.say('post')}
      text={box.store.get('composing') || writer.kept(null)}
      keep={(text) => writer.keep(null, text)}
      send={(source, name) => writer.submit(source, name, null)}
      close={() => writer.close(null)}
    />
  );
}

/** The composer for a reply. */
export function Reply({ box, writer, row }: WriterProps & { readonly row: CommentView }) {
  return (
    <Composer
      box={box}
      name={writer.name()}
      label={box.say('yourReply', { name: row.author.name })}
      action={box.say('reply')}
      text={box.store.get(`text:${row.id}`) || writer.kept(row.id)}
      keep={(text) => writer.keep(row.id, text)}
      send={(source, name) => writer.submit(source, name, row.id)}
      close={() => writer.close(row.id)}
    />
  );
}

/** The composer for an edit, in the place of the words. */
export function Edit({ box, writer, row }: WriterProps & { readonly row: CommentView }) {
  const [problem, setProblem] = useState<string>();
  const send = async (source: string) => {
    try {
      await writer.edit(row.id, source);
      writer.close(row.id);
    } catch (error) {
      setProblem(error instanceof ApiError ? error.code : 'INTERNAL');
    }
  };
  return (
    <>
      <Composer
        box={box}
        label={box.say('yourComment')}
        action={box.say('save')}
        text={row.source ?? ''}
        send={send}
        close={() => writer.close(row.id)}
      />
      {problem && (
        <p class="note failed" role="alert">
          {box.say(reasonOf(problem))}
        </p>
      )}
    </>
  );
}
