import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { limits } from '../../../contract/limits.js';
import type { View } from '../model.js';

/** What a composer is opened for. */
export interface ComposerProps {
  readonly box: View;
  /** Visible label of the text field. */
  readonly label: string;
  readonly action: string;
  readonly text?: string;
  /** Keeps what is typed, so that closing the page loses nothing. */
  readonly keep?: (text: string) => void;
  /** The remembered name; undefined: none is asked for. */
  readonly name?: string;
  readonly send: (source: string, name: string) => void | Promise<void>;
  readonly close: () => void;
}

/** Where a text is written: name above, actions below. Opens with the caret in the text. */
export function Composer(props: ComposerProps) {
  const { box } = props;
  const named = props.name !== undefined;
  const { say } = box;
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const nameField = useRef<HTMLInputElement>(null);
  const [error, setError] = useState('');
  const [length, setLength] = useState(props.text?.length ?? 0);
  const left = limits.sourceChars - length;

  useLayoutEffect(() => {
    const field = area.current;
    field?.focus();
    field?.setSelectionRange(field.value.length, field.value.length);
  }, []);

  const submit = async (event?: Event) => {
    event?.preventDefault();
    const source = area.current?.value.trim() ?? '';
    const name = nameField.current?.value.trim() ?? '';
    if (!source) return refuse('needText', area.current);
    if (named && !name) return refuse('needName', nameField.current);
    await props.send(source, name);
  };
  const refuse = (key: 'needText' | 'needName', field: HTMLElement | null) => {
    setError(say(key));
    field?.focus();
  };
  const keyed = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void submit(event);
    if (event.key === 'Escape' && !area.current?.value.trim()) {
      event.stopPropagation();
      props.close();
    }
  };

  return (
    <form
      class="composer"
      part="composer"
      onSubmit={(event) => void submit(event)}
      onKeyDown={keyed}
    >
      {named && (
        <div class="field">
          <label for={`${id}n`}>{say('yourName')}</label>
          <input
            id={`${id}n`}
            ref={nameField}
            dir="auto"
            autocomplete="nickname"
            maxLength={limits.nameGraphemes * 4}
            defaultValue={props.name}
            onInput={() => setError('')}
          />
        </div>
      )}
      <label for={`${id}t`}>{props.label}</label>
      <textarea
        id={`${id}t`}
        part="textarea"
        ref={area}
        dir="auto"
        maxLength={limits.sourceChars}
        defaultValue={props.text ?? ''}
        aria-describedby={error ? `${id}e` : undefined}
        onInput={(event) => {
          setLength(event.currentTarget.value.length);
          props.keep?.(event.currentTarget.value);
          setError('');
        }}
      />
      {error && (
        <p class="error" id={`${id}e`} role="alert">
          {error}
        </p>
      )}
      <div class="bar" part="toolbar">
        {left < 200 && <span class="dim">{say('left', { n: left })}</span>}
        <button type="button" class="quiet" onClick={props.close}>
          {say('cancel')}
        </button>
        <button class="primary">{props.action}</button>
      </div>
    </form>
  );
}
