// Microseconds to make a text of 500 characters ready to store, and what sanitize-html alone takes.
import sanitizeHtml from 'sanitize-html';
import { allowedTags } from '../../src/domain/text/html.js';
import { renderText } from '../../src/domain/text/render.js';
import { sentence } from './words.js';

const rounds = 4_000;
const marked = (n: number): string =>
  `${sentence(n, 120)} **Bold words** and *others*.\n\n> ${sentence(n + 1, 120)}\n\n` +
  `- ${sentence(n + 2, 60)}\n- [a link](https://news.example/${n})\n\n\`code\` ${sentence(n + 3, 90)}`;
const sources = Array.from({ length: rounds }, (_, n) => marked(n).slice(0, 500));
const plain = Array.from({ length: rounds }, (_, n) => sentence(n, 500));
const rendered = sources.map((source) => renderText(source, 'markdown').html);
const options: sanitizeHtml.IOptions = {
  allowedTags: [...allowedTags],
  allowedAttributes: { a: ['href'] },
};

function time(work: (i: number) => unknown): number {
  for (let i = 0; i < rounds / 2; i += 1) work(i);
  const began = performance.now();
  for (let i = 0; i < rounds; i += 1) work(i);
  return ((performance.now() - began) * 1_000) / rounds;
}

console.log(
  JSON.stringify({
    sanitize: time((i) => sanitizeHtml(rendered[i] ?? '', options)),
    markdown: time((i) => renderText(sources[i] ?? '', 'markdown')),
    plain: time((i) => renderText(plain[i] ?? '', 'markdown')),
  }),
);
