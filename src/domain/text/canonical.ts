import { safeHref } from './links.js';
import { cleanText } from './unicode.js';

/**
 * Rewrites sanitised HTML in the grammar of `sanitize.ts`. It reads that grammar (and `<br />`); whatever else it
 * meets becomes text, so that nothing outside the grammar can come out. Costs O(n).
 */
export function canonicalHtml(html: string): string {
  const writer = createWriter();
  for (const match of html.matchAll(token)) {
    const [all, slash, tag, href] = match;
    if (tag === undefined || !tags.has(tag)) writer.text(unescapeText(all));
    else if (tag === 'br') writer.lineBreak();
    else if (slash === '/') writer.close(tag);
    else writer.open(tag, href === undefined ? null : unescapeText(href));
  }
  return writer.end();
}

/** Text as HTML writes it: `&`, `<` and `>` as entities. */
export function escapeText(text: string): string {
  return special.test(text)
    ? text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
    : text;
}

/** Drops marks that have no base in their own element: U+0338 after a tag would compose with its `>`. */
export function dropLooseMarks(words: string): string {
  return words.replace(looseMarks, '');
}

/** Drops what would stand first in a block without being seen there. */
export function trimStart(words: string): string {
  return words.replace(blanksAndMarks, '');
}

/** The opening tag of a link; `href` must come from `safeHref`. */
export function linkTag(href: string): string {
  const value = escapeText(href).replaceAll('"', '&quot;');
  return `<a href="${value}" rel="nofollow ugc noopener noreferrer" target="_blank">`;
}

/** Undoes the five entities of the grammar. */
export function unescapeText(escaped: string): string {
  if (!escaped.includes('&')) return escaped;
  return escaped.replace(entity, (all) => entities[all] ?? all);
}

const token =
  /<(\/?)([a-z]+)(?: href="([^"<>]*)"(?: rel="[^"<>]*" target="[^"<>]*")?)?(?: \/)?>|[^<]+|</g;
const special = /[&<>]/;
const entity = /&(?:amp|lt|gt|quot|#39);/g;
const entities: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
};

const maxDepth = 12;
const inline = ['a', 'b', 'strong', 'i', 'em', 's', 'del', 'code'];
const block = ['p', 'blockquote', 'pre', 'ul', 'ol', 'li'];
const inlineTags: ReadonlySet<string> = new Set(inline);
const tags: ReadonlySet<string> = new Set([...inline, ...block, 'br']);

interface OpenElement {
  readonly tag: string;
  /** Index of its opening tag among the pieces. */
  readonly at: number;
  /** Whether a block began or a line broke just before it. */
  readonly atStart: boolean;
}

/** What was opened in the input, and the element that was written for it, if any. */
interface Opened {
  readonly tag: string;
  readonly element: OpenElement | null;
}

function createWriter() {
  const pieces: string[] = [];
  const open: OpenElement[] = [];
  const opened: Opened[] = [];
  /** Nothing but opening tags since a block began or ended, or since a line break. */
  let atStart = true;

  const top = () => open.at(-1)?.tag;
  const isOpen = (tag: string) => open.some((element) => element.tag === tag);
  const inList = () => top() === 'ul' || top() === 'ol';

  function text(raw: string): void {
    let words = cleanText(raw);
    if (inList()) {
      if (isWhitespace(words)) return;
      push('li');
    }
    const last = pieces.at(-1);
    if (last === '<pre>') words = words.replace(newlinesAndMarks, '');
    else if (atStart && !isOpen('pre')) words = trimStart(words);
    else if (last === undefined || last.startsWith('<')) words = dropLooseMarks(words);
    if (words === '') return;
    pieces.push(escapeText(words));
    atStart = false;
  }

  function lineBreak(): void {
    if (inList()) return;
    if (open.length >= maxDepth) return breakWords();
    trimEnd();
    pieces.push('<br>');
    atStart = true;
  }

  function openTag(tag: string, href: string | null): void {
    opened.push({ tag, element: inlineTags.has(tag) ? openInline(tag, href) : openBlock(tag) });
  }

  function openInline(tag: string, href: string | null): OpenElement | null {
    const safe = href === null ? null : safeHref(href);
    if (tag === 'a' && (safe === null || isOpen('a'))) return null;
    if (inList()) push('li');
    if (open.length >= maxDepth) return null;
    return push(tag, safe ?? '');
  }

  function openBlock(tag: string): OpenElement | null {
    const list = tag === 'li' ? listAround(open) : -1;
    if (isOpen('pre') || (tag === 'li' && list < 0)) return skipBlock();
    if (tag === 'li') closeTo(list + 1);
    const paragraph = open.findIndex((element) => element.tag === 'p');
    if (paragraph >= 0) closeTo(paragraph); // as a browser does
    if (tag !== 'li' && inList()) push('li');
    const needed = tag === 'ul' || tag === 'ol' ? 2 : 1; // a list needs room for its items
    if (open.length + needed > maxDepth) return skipBlock();
    trimEnd();
    return push(tag);
  }

  function skipBlock(): null {
    breakWords();
    return null;
  }

  /** Keeps words apart where a block or a line break is left out. */
  function breakWords(): void {
    if (atStart || inList()) return;
    pieces.push('\n');
    atStart = true;
  }

  function push(tag: string, href = ''): OpenElement {
    const element = { tag, at: pieces.length, atStart };
    pieces.push(tag === 'a' ? linkTag(href) : `<${tag}>`);
    open.push(element);
    if (!inlineTags.has(tag)) atStart = true;
    return element;
  }

  function close(tag: string): void {
    const index = opened.findLastIndex((one) => one.tag === tag);
    if (index < 0) return;
    const element = opened[index]?.element ?? null;
    opened.length = index;
    const at = element === null ? -1 : open.indexOf(element);
    if (at >= 0) closeTo(at);
    else if (!inlineTags.has(tag)) breakWords();
  }

  function closeTo(depth: number): void {
    while (open.length > depth) {
      const element = open.pop();
      if (element !== undefined) closeElement(element);
    }
  }

  function closeElement({ tag, at, atStart: startedAtStart }: OpenElement): void {
    const isBlock = !inlineTags.has(tag);
    if (isBlock && tag !== 'pre') trimEnd();
    if (pieces.length > at + 1) {
      pieces.push(`</${tag}>`);
      if (isBlock) atStart = true;
      return;
    }
    pieces.length = at; // an empty element says nothing
    if (isBlock) {
      atStart = startedAtStart;
      breakWords();
    }
  }

  function trimEnd(): void {
    if (isOpen('pre')) return;
    for (let last = pieces.at(-1); last !== undefined && !last.startsWith('<');) {
      const trimmed = last.slice(0, endOfWords(last));
      if (trimmed !== '') {
        pieces[pieces.length - 1] = trimmed;
        return;
      }
      pieces.pop();
      last = pieces.at(-1);
    }
  }

  function end(): string {
    closeTo(0);
    trimEnd();
    return pieces.join('');
  }

  return { text, lineBreak, open: openTag, close, end };
}

const looseMarks = /^[\p{Mn}\p{Me}\u200c\u200d]+/u;
const blanksAndMarks = /^[ \t\n\p{Mn}\p{Me}\u200c\u200d]+/u;
const newlinesAndMarks = /^[\n\p{Mn}\p{Me}\u200c\u200d]+/u;

/** Index of the list that an item here belongs to, or -1. */
function listAround(open: readonly OpenElement[]): number {
  return open.findLastIndex(({ tag }) => tag === 'ul' || tag === 'ol') >
    open.findLastIndex(({ tag }) => tag === 'blockquote' || tag === 'pre')
    ? open.findLastIndex(({ tag }) => tag === 'ul' || tag === 'ol')
    : -1;
}

function isWhitespace(text: string): boolean {
  return endOfWords(text) === 0;
}

function endOfWords(text: string): number {
  let end = text.length;
  while (end > 0 && ' \t\n'.includes(text.charAt(end - 1))) end -= 1;
  return end;
}
