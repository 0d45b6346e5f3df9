import fc from 'fast-check';
import { type Piece, readHtml, safeHref } from '../../../src/browser/shared/html-reader.js';
import { loadCorpora } from '../../helpers/corpora.js';

const textOf = (pieces: readonly Piece[]): string =>
  pieces.map((piece) => (typeof piece === 'string' ? piece : textOf(piece.children))).join('');
const link = (href: string, words: string) =>
  `<a href="${href}" rel="nofollow ugc noopener noreferrer" target="_blank">${words}</a>`;

describe('readHtml', () => {
  it('reads what the server writes', () => {
    expect(readHtml('<p>a <strong>b</strong><br>c</p><ul><li>d</li></ul>')).toEqual([
      {
        tag: 'p',
        children: ['a ', { tag: 'strong', children: ['b'] }, { tag: 'br', children: [] }, 'c'],
      },
      { tag: 'ul', children: [{ tag: 'li', children: ['d'] }] },
    ]);
  });

  it('reads a link with its address and the entities', () => {
    expect(readHtml(link('https://example.com/?a=1&amp;b=&quot;', 'A &lt;b&gt; &amp; c'))).toEqual([
      { tag: 'a', href: 'https://example.com/?a=1&b="', children: ['A <b> & c'] },
    ]);
  });

  it.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<p onclick="x">a</p>',
    '<P>a</P>',
    '<br/>',
    '<a href="https://a.example">a</a>',
    '<a href="x" rel="nofollow ugc noopener noreferrer" target="_blank" onclick="x">a</a>',
    '</p>',
    '<',
    '<p',
    '<svg><style><!--</style><img src=x>--></style></svg>',
  ])('shows what is off the grammar as the text that it is: %s', (html) => {
    expect(textOf(readHtml(html))).toBe(html);
  });

  it('closes what is left open and ignores what closes nothing', () => {
    expect(readHtml('<p>a<em>b')).toEqual([
      { tag: 'p', children: ['a', { tag: 'em', children: ['b'] }] },
    ]);
    expect(textOf(readHtml('<p>a</em></p>'))).toBe('a</em>');
  });

  it('does not nest without end, nor link in link', () => {
    expect(() => readHtml('<b>'.repeat(100_000))).not.toThrow();
    expect(textOf(readHtml(link('https://a.example/', link('https://b.example/', 'x'))))).toContain(
      '<a href="https://b.example/"',
    );
  });

  it('SEC-12 holds only elements of the grammar, whatever comes', () => {
    const known = 'p br a strong em s del blockquote code pre ul ol li b i'.split(' ');
    const tagsOf = (pieces: readonly Piece[]): readonly string[] =>
      pieces.flatMap((piece) => (typeof piece === 'string' ? [] : [piece.tag, ...tagsOf(piece.children)])); // prettier-ignore
    const payloads = loadCorpora()?.map(({ payload }) => payload) ?? [];
    for (const payload of payloads) expect(known).toEqual(expect.arrayContaining([...tagsOf(readHtml(payload))])); // prettier-ignore
    const mixed = fc.array(fc.oneof(fc.string(), fc.constantFrom('<', '>', '</', '<p>', '</p>', '<br>', '&lt;', '"'))); // prettier-ignore
    fc.assert(
      fc.property(mixed, (parts) => {
        expect(known).toEqual(expect.arrayContaining([...tagsOf(readHtml(parts.join('')))]));
      }),
      { verbose: true },
    );
  });
});

describe('safeHref', () => {
  it.each(['https://example.com/', 'http://example.com/a?b#c', 'mailto:a@example.com'])('lets %s through', (href) => {
    expect(safeHref(href)?.href).toBe(href);
  }); // prettier-ignore

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    ' javascript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'blob:https://a.example/x',
    'https://user@example.com/',
    'https://user:secret@example.com/',
    '/relative',
    '//example.com',
    '',
  ])('refuses %s', (href) => {
    expect(safeHref(href)).toBeUndefined();
  });
});
