import { limits } from '../../contract/limits.js';
import { DomainError, invalidField } from '../errors.js';
import { foldLookAlikes } from './confusables.js';

/**
 * The normal form of any text of ours: NFC, `\n` for every kind of line end, no control characters but `\n`
 * and tab, no bidi controls, no ignorables but those that emoji and scripts need, at most 4 combining marks a
 * grapheme. Idempotent; costs O(n).
 */
export function cleanText(text: string): string {
  if (!notPlainAscii.test(text)) return text;
  const composed = text.normalize('NFC');
  if (!notEasy.test(composed) || !needsCleaning.test(composed)) return composed;
  return settle(composed.replace(lineEnds, '\n').replace(neverKept, '').normalize('NFC'));
}

/** A title: `cleanText` on one line, trimmed. Throws MALFORMED_TEXT. */
export function cleanLine(text: string): string {
  assertWellFormed(text);
  return cleanText(oneLine(cleanText(text)));
}

/**
 * A display name: one line, trimmed, 1 to 40 graphemes, without bidi controls and without any ignorable.
 * Throws MALFORMED_TEXT, and INVALID_INPUT with `path` when nothing or too much is left.
 */
export function cleanName(name: string, path = 'name'): string {
  if (name.length > maxNameChars) throw nameTooLong(path);
  assertWellFormed(name);
  const cleaned = cleanLine(cleanText(name).replace(ignorable, ''));
  if (isBlank(cleaned)) throw invalidField(path, 'A name needs at least one visible character.');
  if (countGraphemes(cleaned) > limits.nameGraphemes) throw nameTooLong(path);
  return cleaned;
}

/**
 * What a name or text looks like (after UTS 39 section 4, with case folded): equal skeletons are look-alikes.
 * For comparing only, never to be shown. Costs O(n).
 */
export function skeleton(name: string): string {
  return oneLine(foldLookAlikes(name.normalize('NFKD').replace(ignorable, ''))).normalize('NFD');
}

/** Whether a reader would see nothing of a cleaned text. */
export function isBlank(cleaned: string): boolean {
  return !visible.test(cleaned);
}

/** Throws MALFORMED_TEXT for a lone surrogate or U+0000: neither can be stored as Unicode text. */
export function assertWellFormed(text: string): void {
  if (suspect.test(text) && malformed.test(text)) {
    throw new DomainError('MALFORMED_TEXT', {
      detail: 'The text holds a lone surrogate or U+0000. Send well-formed Unicode.',
    });
  }
}

const maxMarks = 4;
// A grapheme is rarely more than 11 code units; longer names are refused before they cost anything.
const maxNameChars = limits.nameGraphemes * 50;

const notPlainAscii = /[^\t\n\x20-\x7e]/;
// Outside Latin, Greek, Cyrillic and CJK there may be something to clean; these ranges hold nothing of the kind.
const notEasy =
  /[^\t\n\x20-\x7e\xa0-\xac\xae-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e\u3001-\u3029\u3041-\u3096\u30a0-\u3163\u4e00-\u9fff\uac00-\ud7a3]/;
const suspect = /[\0\ud800-\udfff]/; // any astral character too: quick, and seldom met
const malformed = /[\0\p{Surrogate}]/u;
const lineEnds = /\r\n?|[\u2028\u2029]/g;
const ignorable = /\p{Default_Ignorable_Code_Point}|\p{Bidi_Control}/gu;
const visible = /[^\s\p{M}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/u;
// Without U+200C and U+200D (joiners), U+FE0F and the tags of flags, which need a look at what is beside them.
const neverKept =
  /(?![\t\n\u200c\u200d\ufe0f\u{e0030}-\u{e007f}])(?:[\p{Cc}\p{Surrogate}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb])/gu;
const needsCleaning =
  /[\p{Cc}\p{Surrogate}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\u2028\u2029\ufff9-\ufffb](?<![\t\n])|\p{M}{5}/u;

// Scripts whose letters join or stack: there a joiner changes what is read (UAX 31, section 2.3).
const joiningScript =
  '(?=[\\p{L}\\p{M}])[' +
  [
    ...['Arab', 'Syrc', 'Mand', 'Mong', 'Nkoo', 'Adlm', 'Rohg', 'Deva', 'Beng', 'Guru', 'Gujr'],
    ...['Orya', 'Taml', 'Telu', 'Knda', 'Mlym', 'Sinh', 'Khmr', 'Mymr', 'Tibt', 'Laoo', 'Thai'],
  ]
    .map((script) => `\\p{scx=${script}}`)
    .join('') +
  ']';
const emojiPart = '[\\p{Extended_Pictographic}\\p{Emoji_Modifier}\\ufe0f\\u{e007f}]';
/** Joiners and U+FE0F where neither a script nor an emoji needs them. */
const outOfContext = new RegExp(
  [
    `[\\u200c\\u200d](?<!(?:${joiningScript})[\\u200c\\u200d])(?<!${emojiPart}\\u200d(?=\\p{Extended_Pictographic}))`,
    '\\ufe0f(?<!\\p{Extended_Pictographic}\\ufe0f|[0-9#*]\\ufe0f(?=\\u20e3))',
  ].join('|'),
  'gu',
);
const flagOrTag =
  /(\u{1f3f4}[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]{3,6}\u{e007f})|[\u{e0030}-\u{e007f}]/gu;
const manyMarks = /(?:\p{M}[\u200c\u200d]*){5,}/gu;
const mark = /\p{M}/u;

/** Repeats until nothing changes, since what is left out lets its neighbours meet: two or three rounds. */
function settle(text: string): string {
  for (let before = text; ;) {
    const after = before
      .replace(flagOrTag, '$1')
      .replace(outOfContext, '')
      .replace(manyMarks, cutMarks)
      .normalize('NFC');
    if (after === before) return after;
    before = after;
  }
}

function cutMarks(run: string): string {
  let marks = 0;
  const kept = [...run].filter((point) => {
    if (mark.test(point)) marks += 1;
    return marks <= maxMarks;
  });
  return kept.join('');
}

function oneLine(text: string): string {
  return text.replace(/\s+/gu, ' ').trim();
}

function nameTooLong(path: string): DomainError {
  return invalidField(path, `A name has at most ${String(limits.nameGraphemes)} characters.`);
}

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

function countGraphemes(text: string): number {
  return [...graphemes.segment(text)].length;
}
