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
  const composed = text.replace(lineEnds, '\n').replace(neverKept, '').normalize('NFC');
  if (!keptInContext.test(composed)) return composed;
  return settleContext(composed);
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
  assertWellFormed(name);
  if (name.length > maxNameChars) throw nameTooLong(path);
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
  const folded = name.normalize('NFKD').replace(ignorable, '').toLowerCase().normalize('NFD');
  return oneLine(foldLookAlikes(folded)).normalize('NFD');
}

/** Whether a reader would see nothing of a cleaned text. */
export function isBlank(cleaned: string): boolean {
  return !visible.test(cleaned);
}

/** Throws MALFORMED_TEXT for a lone surrogate or U+0000: neither can be stored as Unicode text. */
export function assertWellFormed(text: string): void {
  if (malformed.test(text)) {
    throw new DomainError('MALFORMED_TEXT', {
      detail: 'The text holds a lone surrogate or U+0000. Send well-formed Unicode.',
    });
  }
}

const maxMarks = 4;
// A grapheme is rarely more than 11 code units; longer names are refused before they cost anything.
const maxNameChars = limits.nameGraphemes * 50;

const notPlainAscii = /[^\t\n\x20-\x7e]/;
const malformed = /[\0\p{Surrogate}]/u;
const lineEnds = /\r\n?|[\u2028\u2029]/g;
const ignorable = /\p{Default_Ignorable_Code_Point}|\p{Bidi_Control}/gu;
const visible = /[^\s\p{M}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/u;
// Without U+200C and U+200D (joiners), U+FE0F and the tags of flags, which need a look at what is beside them.
const neverKept =
  /(?![\t\n\u200c\u200d\ufe0f\u{e0030}-\u{e007f}])(?:[\p{Cc}\p{Surrogate}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb])/gu;
const keptInContext = /[\p{M}\u200c\u200d\u{e0030}-\u{e007f}]/u;

const mark = /\p{M}/u;
const emoji = /\p{Extended_Pictographic}/u;
const emojiPart = /[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f\u{e007f}]/u;
const keycapBase = /[0-9#*]/;
// Scripts whose letters join or stack: there a joiner changes what is read (UAX 31, section 2.3).
const joiningScript =
  /(?=[\p{L}\p{M}])[\p{scx=Arab}\p{scx=Syrc}\p{scx=Mand}\p{scx=Mong}\p{scx=Nkoo}\p{scx=Adlm}\p{scx=Rohg}\p{scx=Deva}\p{scx=Beng}\p{scx=Guru}\p{scx=Gujr}\p{scx=Orya}\p{scx=Taml}\p{scx=Telu}\p{scx=Knda}\p{scx=Mlym}\p{scx=Sinh}\p{scx=Khmr}\p{scx=Mymr}\p{scx=Tibt}\p{scx=Laoo}\p{scx=Thai}\p{scx=Newa}\p{scx=Cham}]/u;
const flagTags = /\u{1f3f4}[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]{3,6}\u{e007f}/gu;

/** Repeats until nothing changes: composing may put a mark where the rules see it differently. At most a few rounds. */
function settleContext(text: string): string {
  for (let before = text; ;) {
    const after = dropOutOfContext(before).normalize('NFC');
    if (after === before) return after;
    before = after;
  }
}

function dropOutOfContext(text: string): string {
  const flags = new Set<number>();
  for (const match of text.matchAll(flagTags)) {
    for (let at = match.index + 2; at < match.index + match[0].length; at += 2) flags.add(at);
  }
  let kept = '';
  let previous = '';
  let marks = 0;
  for (let at = 0; at < text.length;) {
    const point = String.fromCodePoint(text.codePointAt(at) ?? 0); // `at` is inside the text
    const next = at + point.length;
    if (isKept(point, previous, marks, text, next, flags.has(at))) {
      if (isMark(point)) marks += 1;
      else if (!isJoiner(point)) marks = 0;
      kept += point;
      previous = point;
    }
    at = next;
  }
  return kept;
}

function isKept(
  point: string,
  previous: string,
  marks: number,
  text: string,
  next: number,
  inFlag: boolean,
): boolean {
  if (isJoiner(point)) {
    if (joiningScript.test(previous)) return true;
    return point === '\u200d' && emojiPart.test(previous) && emoji.test(codePointAt(text, next));
  }
  if (point === '\ufe0f') {
    return emoji.test(previous) || (keycapBase.test(previous) && text[next] === '\u20e3');
  }
  if (point >= '\u{e0030}' && point <= '\u{e007f}' && point.length === 2) {
    return inFlag;
  }
  return !isMark(point) || marks < maxMarks;
}

function codePointAt(text: string, at: number): string {
  const code = text.codePointAt(at);
  return code === undefined ? '' : String.fromCodePoint(code);
}

function isMark(point: string): boolean {
  return point > '\u02ff' && mark.test(point);
}

function isJoiner(point: string): boolean {
  return point === '\u200c' || point === '\u200d';
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
