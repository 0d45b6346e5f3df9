import { readFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { findBareLinks } from '../../../src/domain/text/bare-links.js';
import { countLinks, safeHref } from '../../../src/domain/text/links.js';
import { renderText } from '../../../src/domain/text/render.js';
import { sharedDir } from '../../helpers/corpora.js';
import { elementsOf, parseStrict } from '../../helpers/strict-html.js';

describe('a safe address', () => {
  test.each([
    ['https://a.test', 'https://a.test/'],
    ['HTTP://A.Test:80/b c?d=é#f', 'http://a.test/b%20c?d=%C3%A9#f'],
    [' https://a.test/\n', 'https://a.test/'],
    ['https://bücher.test', 'https://xn--bcher-kva.test/'],
    ['http:a.test', 'http://a.test/'],
    ['https:\\\\a.test\\b', 'https://a.test/b'],
    ['https://a.test/"<>`', 'https://a.test/%22%3C%3E%60'],
    ['mailto:me@a.test?subject=x', 'mailto:me@a.test?subject=x'],
    ['http://1.2.3.4:8080/', 'http://1.2.3.4:8080/'],
    ['https://[::1]/', 'https://[::1]/'],
  ])('of %j is %j', (href, expected) => {
    expect(safeHref(href)).toBe(expected);
    expect(safeHref(expected)).toBe(expected);
  });

  test.each([
    ...[
      '',
      '/a',
      'a',
      '//a.test',
      '#a',
      '?a',
      'a.test',
      'javascript:alert(1)',
      'JaVaScRiPt:1',
      'data:,x',
    ],
    ...[
      'java\nscript:1',
      '\u0001javascript:1',
      'vbscript:x',
      'ftp://a.test',
      'file:///a',
      'blob:https://a.test/x',
    ],
    ...[
      'https://u@a.test',
      'https://u:p@a.test',
      'https://:p@a.test',
      'https://',
      'https://a b.test',
      'mailto:',
    ],
    ...['view-source:https://a.test', 'ws://a.test', 'tel:1', 'https://a.test:99999', 'intent://a'],
  ])('does not exist for %j', (href) => {
    expect(safeHref(href)).toBeNull();
  });

  test('is found however often it is asked for', () => {
    for (let index = 0; index < 20_000; index += 1) {
      if (safeHref('https://b\u00fccher.test') === null)
        throw new Error(`Not at ${String(index)}.`);
    }
  });

  test('has at most 2,048 characters, before and after', () => {
    expect(safeHref(`https://a.test/${'x'.repeat(2_033)}`)).toHaveLength(2_048);
    expect(safeHref(`https://a.test/${'x'.repeat(2_034)}`)).toBeNull();
    expect(safeHref(`https://a.test/${'é'.repeat(1_000)}`)).toBeNull();
  });
});

describe('bare addresses', () => {
  const found = (text: string) =>
    findBareLinks(text).map(({ start, end, url }) => [text.slice(start, end), url]);

  test.each([
    ['see https://a.test/b_c*d, or', 'https://a.test/b_c*d'],
    ['(https://a.test/x_(y)) z', 'https://a.test/x_(y)'],
    ['"https://a.test?q=1&r=2"', 'https://a.test?q=1&r=2'],
    ['https://a.test...', 'https://a.test'],
    ['«https://a.test»', 'https://a.test'],
    ['在https://a.test。', ''],
    ['在 https://a.test/路。次', 'https://a.test/路'],
    ['HTTPS://A.TEST/', 'HTTPS://A.TEST/'],
    ['mailto:me@a.test.', 'mailto:me@a.test'],
    ['xhttps://a.test', ''],
    ['http:// https:///x http://.', ''],
    ['www. www.x a.www.b.c', ''],
    ['me@a.test a.test ftp://a.test', ''],
    ['https://a.test](x', 'https://a.test'],
    ['https://a.test/((((', 'https://a.test/'],
    ['www.1.http://a.test', 'http://a.test'],
    ['www.b.test/?u=https://a.test', 'www.b.test/?u= https://a.test'],
    ['https://b.test/?u=https://a.test', 'https://b.test/?u=https://a.test'],
  ])('in %j', (text, expected) => {
    expect(
      found(text)
        .map(([words]) => words)
        .join(' '),
    ).toBe(expected);
  });

  test('without a scheme lead to http', () => {
    expect(found('www.a.test/b and https://b.test')).toEqual([
      ['www.a.test/b', 'http://www.a.test/b'],
      ['https://b.test', 'https://b.test'],
    ]);
  });

  test.each([
    '**https://a.test/b** x',
    '_https://a.test/b_',
    '~~https://a.test/b~~',
    '[https://a.test/b](https://a.test/b)',
    '> https://a.test/b.',
    '- (https://a.test/b)',
  ])('are links in the Markdown %j', (source) => {
    const links = elementsOf(parseStrict(renderText(source, 'markdown').html)).filter(
      ({ tag }) => tag === 'a',
    );
    expect(links.map(({ href, children }) => [href, children])).toEqual([
      ['https://a.test/b', ['https://a.test/b']],
    ]);
  });

  test.each(['`https://a.test`', '```\nhttps://a.test www.a.test\n```', '\\https\\://a.test'])(
    'stay as they are in the Markdown %j',
    (source) => {
      expect(countLinks(renderText(source, 'markdown').html)).toBe(0);
    },
  );
});

test('links are counted in HTML of ours', () => {
  expect(countLinks('<p>&lt;a b</p>')).toBe(0);
  expect(
    countLinks(renderText('https://a.test [b](https://b.test) <https://c.test>', 'markdown').html),
  ).toBe(3);
});

const wpt = join(sharedDir, 'corpora', 'wpt-urls-as-href.json');
(existsSync(wpt) ? test : test.skip)(
  `SEC-6: every address of web-platform-tests is http, https or mailto, absolute and without user, or no link (needs ${wpt})`,
  () => {
    const payloads = JSON.parse(readFileSync(wpt, 'utf8')) as string[];
    expect(payloads.length).toBeGreaterThan(500);
    let links = 0;
    for (const payload of payloads) {
      if (/[\0\p{Surrogate}]/u.test(payload)) continue; // refused as a whole
      for (const { tag, href } of elementsOf(parseStrict(renderText(payload, 'html').html))) {
        if (tag !== 'a') continue;
        links += 1;
        expect(href).toMatch(/^(?:https?:\/\/[^/?#@]+\/|mailto:.)/);
      }
    }
    expect(links).toBeGreaterThan(100);
  },
);
