import { DomainError } from '../../../src/domain/errors.js';
import type { TextFormat } from '../../../src/contract/comment.js';
import { renderText } from '../../../src/domain/text/render.js';
import { cleanName, skeleton } from '../../../src/domain/text/unicode.js';

const largest = 10_000;
const formats: readonly TextFormat[] = ['markdown', 'text', 'html'];

const patterns: Readonly<Record<string, string>> = {
  'unclosed b': '<b>',
  'unclosed blockquote': '<blockquote>',
  'unclosed ul li': '<ul><li>',
  'end tags': '</b>',
  'crossed tags': '<b><i></b></i>',
  'open brackets of tags': '<',
  'unclosed links': '<a href="',
  links: '<a href="https://a.b">',
  attributes: '<a b="c" ',
  comments: '<!--',
  'comment ends': '-->',
  noscript: '<noscript>',
  iframes: '<iframe>',
  svg: '<svg><p>',
  entities: '&amp;',
  ampersands: '&',
  'long entities': '&CounterClockwiseContourIntegral;',
  'hash entities': '&#',
  quotes: '> ',
  'tight quotes': '>',
  'quoted lines': '> a\n',
  items: '- ',
  'item lines': '- a\n',
  'numbered items': '1. ',
  'deep items': ' - a\n  ',
  brackets: '[',
  'closing brackets': ']',
  'links of Markdown': '[a](',
  'nested links': '[a](b)[',
  images: '![',
  'angle links': '[a](<b',
  backticks: '`',
  'backtick runs': '` `` ',
  fences: '```\n',
  tildes: '~~',
  stars: '*',
  'star words': '*a ',
  'strong words': '**a*',
  underscores: '_a_',
  'mixed emphasis': '*_~~',
  backslashes: '\\',
  addresses: 'http://',
  'dense addresses': 'http://a.b/(',
  www: 'www.',
  'www words': 'www.a.b ',
  mailto: 'mailto:a@',
  newlines: '\n',
  'blank lines': 'a\n\n',
  spaces: ' ',
  'space lines': ' \n',
  tabs: '\t',
  marks: '\u0301',
  'marked letters': 'e\u0301\u0323',
  joiners: '\u200d',
  'Devanagari joiners': 'क्\u200d',
  'emoji joiners': '👩\u200d',
  flags: '🏴\u{e0067}',
  variation: '❤\ufe0f',
  Hangul: '\u1100\u1161\u11a8',
  capitals: 'A',
  bidi: '\u202e',
  wide: '\ufdfa',
  autolinks: '<http://a>',
  colons: '://',
  'www in brackets': '(www.',
  'brackets in www': 'www.(',
  'hosts of brackets': 'http://(',
  'IPv6 brackets': 'http://[',
  'mail in brackets': '(mailto:',
  'www and http': 'www.a.b.http://',
  'mail and http': 'mailto:a@b.http://c',
  'www with paths': 'www.a.b/(http://(',
  parentheses: 'http://a.b/(((())))',
};

function outcome(source: string, format: TextFormat): string {
  try {
    renderText(source, format);
    return 'accepted';
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
}

function fastestMs(act: () => unknown, tries: number): number {
  let fastest = Infinity;
  for (let index = 0; index < tries; index += 1) {
    const start = performance.now();
    act();
    fastest = Math.min(fastest, performance.now() - start);
  }
  return fastest;
}

/** How much slower than a machine on which this loop takes 10 ms; at least 1. */
function slowness(): number {
  const loop = () => {
    let sum = 0;
    for (let index = 0; index < 200_000; index += 1)
      sum += /(a+)b/.test(`aaa${String(index)}`) ? 1 : 0;
    return sum;
  };
  return Math.max(1, fastestMs(loop, 5) / 10);
}

const slow = slowness();

describe('SEC-8: floods', () => {
  test.each(Object.entries(patterns))(
    'of %s take at most 100 ms at the largest size',
    (_, pattern) => {
      const source = pattern.repeat(Math.ceil(largest / pattern.length)).slice(0, largest);
      const nested = `${source.slice(0, largest / 2)}x${pattern.split('').reverse().join('').repeat(largest)}`;
      for (const text of [source, nested.slice(0, largest)].map((all) =>
        all.replace(/\p{Surrogate}/gu, ''),
      )) {
        for (const format of formats) {
          const spent = fastestMs(() => outcome(text, format), 3);
          expect(spent).toBeLessThan(100 * slow);
        }
      }
    },
  );

  test('of 10,001 characters are refused within 20 ms', () => {
    for (const format of formats) {
      expect(outcome('<b>'.repeat(4_000), format)).toBe('INVALID_INPUT');
      expect(fastestMs(() => outcome('x'.repeat(1_000_000), format), 3)).toBeLessThan(20 * slow);
    }
  });

  test('as names cost little', () => {
    for (const pattern of Object.values(patterns)) {
      const name = pattern.repeat(10_000).slice(0, 10_000);
      const act = () => {
        try {
          cleanName(name);
        } catch {
          // refused, as it should be
        }
      };
      expect(fastestMs(act, 3)).toBeLessThan(20 * slow);
      expect(fastestMs(() => skeleton(name), 3)).toBeLessThan(60 * slow);
    }
  });
});
