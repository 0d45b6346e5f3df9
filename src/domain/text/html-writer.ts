import {
  blankStart,
  escapeText,
  inlineTags,
  linkTag,
  looseMarks,
  maxDepth,
  trimBlankEnd,
  trimBlankStart,
} from './html.js';

/** What was written, and whether it was taken as it came, but for white space around blocks. */
export interface Written {
  readonly html: string;
  readonly faithful: boolean;
}

/** Takes tags and clean text in any order, and makes of them a tree that any browser parses as it is written. */
export interface HtmlWriter {
  text(words: string): void;
  lineBreak(): void;
  /** Any element but `a` and `br`. */
  open(tag: string): void;
  /** `href` is one that `safeHref` gave; with null the words of the link stay alone. */
  openLink(href: string | null): void;
  close(tag: string): void;
  /** Closes what is open. */
  end(): Written;
}

interface OpenElement {
  readonly tag: string;
  /** Index of its opening tag among the pieces. */
  readonly at: number;
  /** `atStart` before it. */
  readonly atStart: boolean;
}

/** What was opened in the input, and the element that was written for it, if any. */
interface Opened {
  readonly tag: string;
  readonly element: OpenElement | null;
}

/** A writer of the grammar in `sanitize.ts`. */
export function createHtmlWriter(): HtmlWriter {
  const pieces: string[] = [];
  const open: OpenElement[] = [];
  const opened: Opened[] = [];
  let faithful = true;
  /** Nothing but opening tags since a block began or ended, or since a line break. */
  let atStart = true;

  const isOpen = (tag: string) => open.some((element) => element.tag === tag);
  const inList = () => isList(open.at(-1)?.tag);

  function text(words: string): void {
    if (inList()) {
      if (trimBlankEnd(words) === '') return;
      pushItem();
    }
    const rest = startOfText(words);
    if (rest === '') return;
    pieces.push(escapeText(rest));
    atStart = false;
  }

  function startOfText(words: string): string {
    const last = pieces.at(-1);
    const atBlockStart = last === '<pre>' || (atStart && !isOpen('pre'));
    const rest = atBlockStart && last !== '<pre>' ? trimBlankStart(words) : words;
    if (last !== undefined && !last.startsWith('<')) {
      faithful = false; // two texts in a row may compose
      return rest;
    }
    // A mark needs a base in its own element: U+0338 after a tag would compose with its ">".
    if (!looseMarks.test(rest) && !(last === '<pre>' && rest.startsWith('\n'))) return rest;
    faithful = false;
    return rest.replace(atBlockStart ? blankStart : looseMarks, '');
  }

  function lineBreak(): void {
    if (inList()) {
      faithful = false;
    } else if (open.length >= maxDepth) {
      breakWords();
    } else {
      trimEnd();
      pieces.push('<br>');
      atStart = true;
    }
  }

  function openAny(tag: string): void {
    opened.push({ tag, element: inlineTags.has(tag) ? openInline(tag) : openBlock(tag) });
  }

  function openLink(href: string | null): void {
    const fits = href !== null && !isOpen('a');
    if (!fits) faithful = false;
    opened.push({ tag: 'a', element: fits ? openInline('a', href) : null });
  }

  function openInline(tag: string, href = ''): OpenElement | null {
    if (inList()) pushItem();
    if (open.length >= maxDepth) {
      faithful = false;
      return null;
    }
    return push(tag, href);
  }

  function openBlock(tag: string): OpenElement | null {
    if (isOpen('pre')) return breakWords();
    if (tag === 'li' && !closeToList()) return breakWords();
    closeParagraph();
    if (tag !== 'li' && inList()) pushItem();
    const needed = isList(tag) ? 2 : 1; // a list needs room for its items
    if (open.length + needed > maxDepth) return breakWords();
    trimEnd();
    return push(tag);
  }

  /** Ends the item before, as a browser does. False where no list is open around. */
  function closeToList(): boolean {
    const around = open.findLastIndex(
      ({ tag }) => !inlineTags.has(tag) && tag !== 'li' && tag !== 'p',
    );
    if (!isList(open[around]?.tag)) return false;
    closeEarly(around + 1);
    return true;
  }

  /** A block ends the paragraph around it, as in a browser. */
  function closeParagraph(): void {
    const paragraph = open.findIndex(({ tag }) => tag === 'p');
    if (paragraph >= 0) closeEarly(paragraph);
  }

  /** Keeps words apart where a block or a line break is left out. */
  function breakWords(): null {
    faithful = false;
    if (!atStart && !inList()) {
      pieces.push('\n');
      atStart = true;
    }
    return null;
  }

  function push(tag: string, href = ''): OpenElement {
    const element = { tag, at: pieces.length, atStart };
    pieces.push(tag === 'a' ? linkTag(href) : `<${tag}>`);
    open.push(element);
    if (!inlineTags.has(tag)) atStart = true;
    return element;
  }

  function pushItem(): void {
    faithful = false;
    push('li');
  }

  function close(tag: string): void {
    const index = opened.findLastIndex((one) => one.tag === tag);
    const element = opened[index]?.element;
    if (index !== opened.length - 1 || element !== open.at(-1)) faithful = false;
    if (index < 0) return;
    opened.length = index;
    const depth = element ? open.indexOf(element) : -1;
    if (depth >= 0) closeTo(depth);
    else if (!inlineTags.has(tag)) breakWords();
  }

  function closeEarly(depth: number): void {
    if (open.length > depth) faithful = false;
    closeTo(depth);
  }

  function closeTo(depth: number): void {
    while (open.length > depth) {
      const element = open.at(-1);
      if (element !== undefined) closeElement(element);
      open.pop();
    }
  }

  function closeElement({ tag, at, atStart: wasAtStart }: OpenElement): void {
    const isBlock = !inlineTags.has(tag);
    if (isBlock) trimEnd();
    if (pieces.length > at + 1) {
      pieces.push(`</${tag}>`);
      if (isBlock) atStart = true;
      return;
    }
    faithful = false;
    pieces.length = at; // an empty element says nothing
    if (!isBlock) return;
    atStart = wasAtStart;
    if (!atStart) pieces.push('\n');
    atStart = true;
  }

  function trimEnd(): void {
    if (isOpen('pre')) return;
    for (let last = pieces.at(-1); last !== undefined && !last.startsWith('<');) {
      const trimmed = trimBlankEnd(last);
      if (trimmed !== '') {
        pieces[pieces.length - 1] = trimmed;
        return;
      }
      pieces.pop();
      last = pieces.at(-1);
    }
  }

  function end(): Written {
    closeEarly(0);
    trimEnd();
    return { html: pieces.join(''), faithful };
  }

  return { text, lineBreak, open: openAny, openLink, close, end };
}

function isList(tag: string | undefined): boolean {
  return tag === 'ul' || tag === 'ol';
}
