import fc from 'fast-check';
import { renderMarkdown } from '../../../src/domain/text/markdown.js';
import { renderPlain } from '../../../src/domain/text/plain.js';
import { renderText } from '../../../src/domain/text/render.js';
import { sanitize, sanitizeFully } from '../../../src/domain/text/sanitize.js';
import { cleanText } from '../../../src/domain/text/unicode.js';
import { isFullRun } from '../../helpers/corpora.js';
import { elementsOf, parseStrict } from '../../helpers/strict-html.js';

const numRuns = isFullRun ? 200_000 : 10_000;

const words = fc.oneof(
  fc.constantFrom(
    ...[
      'a',
      ' ',
      '\n',
      'b c',
      ' x ',
      '&',
      '&amp;',
      '&lt;b&gt;',
      '&#x338;',
      '&nbsp;',
      '&copy',
      '<',
      '>',
      '"',
      "'",
    ],
    ...[
      '\u0338',
      '\u0301',
      '\u200d',
      '👩\u200d',
      '\u202e',
      'क्\u200d',
      '&#x200d;',
      '&#13;',
      '\t',
      '\r\n',
      '<!--',
      '-->',
      ']]>',
    ],
  ),
  fc.string({ maxLength: 8, unit: 'binary' }),
);
const tag = fc.constantFrom(
  ...[
    'p',
    'br',
    'a',
    'b',
    'strong',
    'i',
    'em',
    's',
    'del',
    'blockquote',
    'code',
    'pre',
    'ul',
    'ol',
    'li',
  ],
  ...[
    'div',
    'span',
    'script',
    'style',
    'svg',
    'math',
    'table',
    'td',
    'textarea',
    'h1',
    'iframe',
    'noscript',
    'P',
    'LI',
  ],
  ...['title', 'template', 'select', 'option', 'xmp', 'plaintext', 'form', 'button', 'img', 'foo'],
);
const attributes = fc.constantFrom(
  ...[
    '',
    '',
    ' href="https://a.test/"',
    ' href="javascript:1"',
    " href='https://a.test/?a=1&b=\"'",
    ' HREF=http:x',
  ],
  ...[
    ' rel="me" href="mailto:a@b.c"',
    ' class="x" id=y',
    ' style="x:y"',
    ' onclick=1',
    ' href="https://u:p@a.test"',
    ' /',
  ],
);

/** HTML as people, editors and attackers write it: trees, with ends missing, doubled or crossed. */
const { tree } = fc.letrec<{ tree: string; node: string }>((tie) => ({
  tree: fc.array(tie('node'), { maxLength: 6 }).map((nodes) => nodes.join('')),
  node: fc.oneof(
    { depthSize: 'medium', maxDepth: 16 },
    words,
    fc
      .tuple(
        tag,
        attributes,
        tie('tree'),
        fc.constantFrom('same', 'same', 'same', 'none', 'twice'),
        tag,
      )
      .map(([name, attribute, inside, end, other]) => {
        const ends = { same: `</${name}>`, none: '', twice: `</${name}></${other}>` }[end];
        return `<${name}${attribute}>${inside}${ends}`;
      }),
  ),
}));

describe('SEC-5: sanitising', () => {
  test(`comes out in the grammar and changes nothing the second time, for ${String(numRuns)} trees`, () => {
    fc.assert(
      fc.property(tree, (html) => {
        const once = sanitize(html);
        parseStrict(once);
        expect(sanitize(once)).toBe(once);
        expect(sanitizeFully(once)).toBe(once);
        expect(sanitizeFully(html)).toBe(once);
      }),
      { numRuns, verbose: 1 },
    );
  });

  test('changes nothing in what was stored, sent as a comment', () => {
    fc.assert(
      fc.property(tree, (html) => {
        const stored = sanitize(cleanText(html));
        fc.pre(stored.length <= 10_000 && /[a-z]/.test(stored.replace(/<[^>]*>|&[a-z]+;/g, '')));
        expect(renderText(stored, 'html').html).toBe(stored);
      }),
      { numRuns: numRuns / 20, verbose: 1 },
    );
  });

  test('keeps what is in the grammar as it is', () => {
    const html =
      'x<br>y<p>a <b>b <i>c</i></b> &amp; &lt;d&gt; "e" \'f\'</p><blockquote><p>q</p><ol><li>1<ul><li>2</li></ul></li></ol></blockquote>' +
      '<pre><code>\n  x\n</code></pre><p><a href="https://a.test/?a=1&amp;b=2" rel="nofollow ugc noopener noreferrer" target="_blank">l <em>m</em></a></p>' +
      '<b><p>z</p></b><pre> y\n\n z</pre><s>1</s><del>2</del><strong>3</strong>';
    expect(sanitize(html)).toBe(html);
    expect(elementsOf(parseStrict(html)).length).toBe(21);
  });
});

describe('the short cuts', () => {
  const pieces = fc.array(
    fc.constantFrom(
      ...[
        'a',
        'word',
        ' ',
        '  ',
        '\n',
        '\n\n',
        '\t',
        '.',
        ',',
        '-',
        '- ',
        '+',
        '1.',
        '1. ',
        '!',
        '(',
        ')',
        '#',
        '# ',
        '=',
        '|',
        ':',
      ],
      ...['"', "'", '&', '>', 'http', '://a.test', 'www.', 'a.test', '/', 'é', '👍', '    '],
    ),
    { maxLength: 30 },
  );

  test('plain text is in the grammar by itself', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          pieces.map((all) => all.join('')),
          fc.string({ unit: 'binary' }),
          words,
        ),
        (text) => {
          const html = renderPlain(cleanText(text));
          parseStrict(html);
          expect(sanitizeFully(html)).toBe(html);
        },
      ),
      { numRuns: numRuns / 10, verbose: 1 },
    );
  });

  test('Markdown without any markup is plain text', () => {
    fc.assert(
      fc.property(pieces, (all) => {
        const source = cleanText(all.join(''));
        let html: string;
        try {
          html = renderText(source, 'markdown').html;
        } catch {
          return;
        }
        expect(html).toBe(sanitizeFully(renderMarkdown(source)));
      }),
      { numRuns: numRuns / 5, verbose: 1 },
    );
  });
});
