import { DomainError } from '../../../src/domain/errors.js';
import type { TextFormat } from '../../../src/contract/comment.js';
import { policyVersion, renderText } from '../../../src/domain/text/render.js';

const html = (source: string, format: TextFormat = 'markdown') => renderText(source, format).html;

/** The code and the path that a text is refused with. */
function refusal(source: string, format: TextFormat = 'markdown') {
  try {
    renderText(source, format);
  } catch (error) {
    if (error instanceof DomainError)
      return [error.code, error.details.errors?.[0]?.path].join(' ').trim();
    throw error;
  }
  return 'accepted';
}

const rel = 'rel="nofollow ugc noopener noreferrer" target="_blank"';

describe('Markdown', () => {
  test.each([
    ['*a* _b_ **c** __d__', '<p><em>a</em> <em>b</em> <strong>c</strong> <strong>d</strong></p>'],
    ['~~gone~~', '<p><s>gone</s></p>'],
    ['`x < 1`', '<p><code>x &lt; 1</code></p>'],
    ['one\ntwo\n\nthree', '<p>one<br>two</p><p>three</p>'],
    ['> said\n> he', '<blockquote><p>said<br>he</p></blockquote>'],
    ['- a\n- b', '<ul><li>a</li><li>b</li></ul>'],
    ['1. a\n2. b', '<ol><li>a</li><li>b</li></ol>'],
    ['- a\n  - b', '<ul><li>a<ul><li>b</li></ul></li></ul>'],
    ['```js\nlet x;\n\n  y\n```', '<pre><code>let x;\n\n  y\n</code></pre>'],
    ['\\*a\\* &amp; &copy;', '<p>*a* &amp; ©</p>'],
    ['# no heading', '<p># no heading</p>'],
    ['---', '<p>---</p>'],
    ['![x](https://a.test/b.png)', `<p>!<a href="https://a.test/b.png" ${rel}>x</a></p>`],
    ['| a |\n|---|\n| b |', '<p>| a |<br>|---|<br>| b |</p>'],
  ])('renders %j', (source, expected) => {
    expect(html(source)).toBe(expected);
  });

  test.each([
    ['[x](https://a.test "title")', `<p><a href="https://a.test/" ${rel}>x</a></p>`],
    ['<https://a.test/b>', `<p><a href="https://a.test/b" ${rel}>https://a.test/b</a></p>`],
    ['see https://a.test/b.', `<p>see <a href="https://a.test/b" ${rel}>https://a.test/b</a>.</p>`],
    ['www.a.test', `<p><a href="http://www.a.test/" ${rel}>www.a.test</a></p>`],
    ['[**x**](https://a.test)', `<p><a href="https://a.test/" ${rel}><strong>x</strong></a></p>`],
    ['[x](/relative)', '<p>x</p>'],
    ['[x](javascript:alert(1))', '<p>x</p>'],
    ['[x](https://u:p@a.test)', '<p>x</p>'],
    ['a.test and me@a.test', '<p>a.test and me@a.test</p>'],
  ])('makes of %j a link, or leaves its words', (source, expected) => {
    expect(html(source)).toBe(expected);
  });

  test('shows raw HTML as it was typed', () => {
    const typed = '<b onclick="x()">a</b> <!-- c --> <script>1</script>';
    expect(renderText(typed, 'markdown').text).toBe(typed);
    expect(html('<p>x')).toBe('<p>&lt;p&gt;x</p>');
  });

  test('lets no class of a fence through', () => {
    expect(html('```"><script>\nx\n```')).toBe('<pre><code>x\n</code></pre>');
  });
});

describe('plain text', () => {
  test('shows markup as it was typed', () => {
    expect(html('**a** <b>b</b> &amp; "c"', 'text')).toBe(
      '<p>**a** &lt;b&gt;b&lt;/b&gt; &amp;amp; "c"</p>',
    );
  });

  test('makes paragraphs of blank lines, breaks of line ends, links of addresses', () => {
    expect(html('a  \r\nb\n \t\n\n c https://a.test/?x=1&y="\n', 'text')).toBe(
      `<p>a<br>b</p><p>c <a href="https://a.test/?x=1&amp;y=" ${rel}>https://a.test/?x=1&amp;y=</a>"</p>`,
    );
  });
});

describe('HTML', () => {
  test.each([
    ['<p>Hi <b>you</b></p>', '<p>Hi <b>you</b></p>'],
    ['<P CLASS=x ID=y STYLE="color:red" onclick=z>Hi<BR/>you', '<p>Hi<br>you</p>'],
    [
      '<a href="https://a.test" rel="me" target="_top" onclick="x">x</a>',
      `<a href="https://a.test/" ${rel}>x</a>`,
    ],
    ['<a href="//a.test">x</a> <a>y</a> <a href="data:,x">z</a>', 'x y z'],
    [
      '<a href="https://a.test">x<a href="https://b.test">y</a></a>',
      `<a href="https://a.test/" ${rel}>x</a><a href="https://b.test/" ${rel}>y</a>`,
    ],
    ['a<script>b</script><style>c</style><svg><p>d</p></svg>e', 'ae'],
    ['<ul>a<li>b<li>c<b>d</ul>', '<ul><li>a</li><li>b</li><li>c<b>d</b></li></ul>'],
    ['a<li>b</li><li>c</li>', 'a\nb\nc'],
    ['<p><b>a<blockquote>b</blockquote>c', '<p><b>a</b></p><blockquote>b</blockquote>c'],
    ['<p>a</p> \n <p> </p><p><b></b></p><p>b</p>', '<p>a</p><p>b</p>'],
    ['<pre>\n\na\n</pre>', '<pre>a\n</pre>'],
    ['&#x6a;&lt;b&gt;&quot;&#39;&nbsp;', 'j&lt;b&gt;"\'\u00a0'],
    ['x<b>&#x338;y</b>', 'x<b>y</b>'],
    ['x&#x202e;y&#x200b;z&#13;', 'xyz'],
    ['<img src=x onerror=alert(1)>a<br>', 'a<br>'],
  ])('makes of %j the normal form', (source, expected) => {
    expect(html(source, 'html')).toBe(expected);
    expect(html(expected, 'html')).toBe(expected);
  });

  test('opens at most 12 elements at once', () => {
    const deep = html(`${'<blockquote>'.repeat(30)}x`, 'html');
    expect(deep).toBe(`${'<blockquote>'.repeat(12)}x${'</blockquote>'.repeat(12)}`);
    const lists = html(`${'<ul><li>'.repeat(30)}x`, 'html');
    expect(lists).toBe(`${'<ul><li>'.repeat(6)}x${'</li></ul>'.repeat(6)}`);
  });
});

describe('what is stored together', () => {
  test('is the clean source, HTML, what a reader sees, and the policy', () => {
    expect(renderText('Caf\u0065\u0301 **x**\r\n\n- a\n- b', 'markdown')).toEqual({
      source: 'Café **x**\n\n- a\n- b',
      html: '<p>Café <strong>x</strong></p><ul><li>a</li><li>b</li></ul>',
      text: 'Café x\n\na\nb',
      policy: policyVersion,
    });
  });
});

describe('refusals', () => {
  test.each(['', ' \n\t', '\u200b\u2060\ufeff', '\u202e\u2066', '\u2800 \u3164', '\u200d', '> '])(
    'refuses %j, which shows nothing',
    (source) => {
      expect(refusal(source, 'markdown')).toBe('INVALID_INPUT source');
      expect(refusal(source, 'html')).toBe(source === '> ' ? 'accepted' : 'INVALID_INPUT source');
    },
  );

  test('SEC-81: refuses lone surrogates and U+0000 as malformed', () => {
    for (const source of ['a\ud800b', 'a\udc00', '\u0000'])
      expect(refusal(source)).toBe('MALFORMED_TEXT');
    expect(refusal('\ud83d\ude00')).toBe('accepted');
  });

  test('refuses 10,001 characters and more than 64 kB of HTML', () => {
    expect(refusal('x'.repeat(10_000))).toBe('accepted');
    expect(refusal('x'.repeat(10_001))).toBe('INVALID_INPUT source');
    expect(refusal('http://a.b '.repeat(900), 'text')).toBe('INVALID_INPUT source');
  });
});
