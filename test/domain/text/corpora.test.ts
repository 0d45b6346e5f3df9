import { DomainError } from '../../../src/domain/errors.js';
import type { TextFormat } from '../../../src/contract/comment.js';
import { renderText } from '../../../src/domain/text/render.js';
import { sanitize, sanitizeFully } from '../../../src/domain/text/sanitize.js';
import { renderMarkdown } from '../../../src/domain/text/markdown.js';
import { cleanLine, cleanName, cleanText } from '../../../src/domain/text/unicode.js';
import { safeHref } from '../../../src/domain/text/links.js';
import { loadCorpora, sample } from '../../helpers/corpora.js';
import { elementsOf, parseStrict } from '../../helpers/strict-html.js';

const corpora = loadCorpora();
const payloads = sample(corpora ?? [], 20);
const formats: readonly TextFormat[] = ['markdown', 'text', 'html'];

/** The payload inside each construct of Markdown, and as its parts. */
const constructs: readonly ((payload: string) => string)[] = [
  (payload) => payload,
  (payload) => `[${payload}](https://a.test)`,
  (payload) => `[a](${payload})`,
  (payload) => `[a](<${payload}> "${payload}")`,
  (payload) => `<${payload}>`,
  (payload) => `https://a.test/${payload}`,
  (payload) => `\`${payload}\``,
  (payload) => `\`\`\`${payload}\n${payload}\n\`\`\``,
  (payload) => `> ${payload}`,
  (payload) => `- ${payload}\n  - ${payload}`,
  (payload) => `1. ${payload}`,
  (payload) => `**${payload}** *${payload}* ~~${payload}~~`,
];

/** HTML of a text, or null where it is refused; any other failure is one of the test. */
function htmlOf(source: string, format: TextFormat): string | null {
  try {
    return renderText(source, format).html;
  } catch (error) {
    if (error instanceof DomainError) return null;
    throw error;
  }
}

(corpora === null ? describe.skip : describe)('every payload of the corpora', () => {
  test('SEC-3, SEC-5, SEC-7, SEC-14: comes out in the grammar, and the same the second time, in all formats and constructs', () => {
    let rendered = 0;
    for (const { name, payload } of payloads) {
      for (const construct of constructs) {
        for (const format of formats) {
          const html = htmlOf(construct(payload), format);
          if (html === null) continue;
          rendered += 1;
          for (const { href } of elementsOf(parseStrict(html))) {
            if (href !== null && safeHref(href) !== href) throw new Error(`${name}: ${href}`);
          }
          if (sanitize(html) !== html) throw new Error(`${name} as ${format}: ${html}`);
          if (html.length <= 10_000 && htmlOf(html, 'html') !== html)
            throw new Error(`${name}: ${html}`);
        }
      }
    }
    expect(rendered).toBeGreaterThan(payloads.length * constructs.length * 2);
  });

  test('is the same with and without the short cut past sanitize-html', () => {
    for (const { payload } of payloads) {
      for (const construct of constructs) {
        const source = construct(payload);
        for (const html of [source, renderMarkdown(cleanText(source)), sanitize(source)]) {
          expect(sanitize(html)).toBe(sanitizeFully(html));
        }
      }
    }
  });

  test('SEC-14: shows as typed in Markdown what is raw HTML only', () => {
    const tags = payloads.filter(({ payload }) =>
      /^<[a-z]+ [^\\`*_~[\]&\n\u0080-\uffff]*>$/i.test(payload),
    );
    expect(tags.length).toBeGreaterThan(20);
    for (const { payload } of tags) {
      if (/www\.|:\/\/|mailto:|\s{2}/i.test(payload) || payload.includes('\0')) continue;
      expect(renderText(`x ${payload}`, 'markdown').text).toBe(cleanText(`x ${payload}`));
    }
  });

  test('SEC-10, SEC-80: is literal clean text as a name or a title, or refused', () => {
    for (const { payload } of payloads) {
      for (const clean of [cleanLine, cleanName]) {
        let text: string;
        try {
          text = clean(payload);
        } catch (error) {
          if (error instanceof DomainError) continue;
          throw error;
        }
        expect(clean(text === '' ? 'x' : text)).toBe(text === '' ? 'x' : text);
        expect(text).not.toMatch(/[\p{Cc}\p{Bidi_Control}\p{Surrogate}]/u);
      }
    }
  });

  test('SEC-80: is kept as source in its documented normal form', () => {
    for (const { payload } of payloads) {
      const html = htmlOf(payload, 'text');
      if (html === null) continue;
      const { source } = renderText(payload, 'text');
      expect(source).toBe(cleanText(payload));
      expect(renderText(source, 'text').source).toBe(source);
    }
  });
});
