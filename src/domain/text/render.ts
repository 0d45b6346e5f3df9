import type { TextFormat } from '../../contract/comment.js';
import { limits } from '../../contract/limits.js';
import { invalidField, type DomainError } from '../errors.js';
import { renderMarkdown } from './markdown.js';
import { plainText, renderPlain } from './plain.js';
import { sanitize } from './sanitize.js';
import { assertWellFormed, cleanText, isBlank } from './unicode.js';

/** Number of the rules by which text becomes HTML. It rises with every change of them; `sayso rerender` refreshes older rows. */
export const policyVersion = 1;

/** A text in the forms that are stored together. */
export interface Rendered {
  /** As typed, in the normal form of `cleanText`. */
  readonly source: string;
  /** In the grammar of `sanitize.ts`; at most 64 kB in UTF-8. */
  readonly html: string;
  /** What a reader sees, without markup. */
  readonly text: string;
  /** The `policyVersion` that made it. */
  readonly policy: number;
}

/**
 * The only way in which text becomes HTML. Throws MALFORMED_TEXT (lone surrogate, U+0000), and INVALID_INPUT at
 * `source` for more than 10,000 characters, a text that shows nothing, or more than 64 kB of HTML.
 * `renderText(x.html, 'html').html === x.html`.
 */
export function renderText(source: string, format: TextFormat): Rendered {
  if (source.length > limits.sourceChars) throw tooLong();
  assertWellFormed(source);
  const cleaned = cleanText(source);
  const html = toHtml(cleaned, format);
  const text = plainText(html);
  if (isBlank(text)) throw invalidField('source', 'Nothing of the text would be visible.');
  if (isTooLarge(html)) throw invalidField('source', 'The text is too long once it is rendered.');
  return { source: cleaned, html, text, policy: policyVersion };
}

function toHtml(source: string, format: TextFormat): string {
  switch (format) {
    case 'html':
      return sanitize(source);
    case 'text':
      return renderPlain(source);
    case 'markdown':
      return hasMarkup.test(source) ? sanitize(renderMarkdown(source)) : renderPlain(source);
  }
}

// Whatever Markdown could read as markup; without any of it Markdown is plain text.
const hasMarkup = /[\\`*_~[\]<]|&[#a-z]|^[ \t]*(?:>|[-+](?:\s|$)|\d{1,9}[.)](?:\s|$))/im;

function isTooLarge(html: string): boolean {
  return html.length * 3 > limits.htmlBytes && Buffer.byteLength(html) > limits.htmlBytes;
}

function tooLong(): DomainError {
  return invalidField(
    'source',
    `A comment has at most ${limits.sourceChars.toLocaleString('en')} characters.`,
  );
}
