import { dropLooseMarks, escapeText, linkTag, trimStart, unescapeText } from './canonical.js';
import { safeHref } from './links.js';
import { findLinks } from './markdown.js';

/**
 * HTML of a text without markup: paragraphs between blank lines, line breaks inside them, bare addresses as links.
 * `source` must be clean. It is in the grammar of `sanitize.ts` by itself, so it needs no sanitiser; costs 10 ns a character.
 */
export function renderPlain(source: string): string {
  const paragraphs: string[] = [];
  let lines: string[] = [];
  for (const line of [...source.split('\n'), '']) {
    const words = trimStart(line).replace(spaceAtEnd, '');
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
  const text = html
    .replaceAll('<br>', '\n')
    .replace(/<\/?(?:p|blockquote|pre|ul|ol)>/g, '\n\n')
    .replaceAll('</li>', '\n')
    .replace(/<[^>]*>/g, '');
  return unescapeText(text)
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

const spaceAtEnd = /(?<![ \t])[ \t]+$/;

function linkify(words: string): string {
  let html = '';
  let from = 0;
  for (const { start, end, url } of findLinks(words)) {
    const href = safeHref(url);
    if (href === null) continue;
    html += `${escapeText(dropLooseMarks(words.slice(from, start)))}${linkTag(href)}${escapeText(words.slice(start, end))}</a>`;
    from = end;
  }
  return html + escapeText(dropLooseMarks(words.slice(from)));
}
