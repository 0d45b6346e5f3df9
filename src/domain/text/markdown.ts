import createMarkdownIt, {
  type MarkdownIt,
  type StateCore,
  type StateInline,
  type Token,
} from 'markdown-it';
import { bareLinkAt, findBareLinks } from './bare-links.js';
import { escapeText } from './html.js';

/** HTML of a comment in Markdown, not sanitised yet: raw HTML is escaped, and a line end is a line break. */
export function renderMarkdown(source: string): string {
  return markdown.render(source);
}

const rules = [
  'emphasis',
  'strikethrough',
  'backticks',
  'fence',
  'blockquote',
  'list',
  'link',
  'autolink',
  'newline',
  'escape',
  'entity',
];

const markdown = createMarkdown();

function createMarkdown(): MarkdownIt {
  const created = createMarkdownIt('zero', { html: false, breaks: true, maxNesting: 40 });
  created.enable(rules);
  // Which addresses are links is decided in one place, `safeHref`, behind the sanitiser.
  created.validateLink = () => true;
  created.normalizeLink = (url) => url;
  created.normalizeLinkText = (url) => url;
  // As the default, but without the class that names the language.
  created.renderer.rules.fence = (tokens, index) =>
    `<pre><code>${escapeText(tokens[index]?.content ?? '')}</code></pre>\n`;
  // In place of linkify-it, which takes ten times as long.
  created.inline.ruler.after('text', 'bare_link', readBareLink);
  created.core.ruler.push('loose_link', linkLooseAddresses);
  return created;
}

/** `https://…` while reading, before its `_` and `*` are taken for emphasis. */
function readBareLink(state: StateInline, silent: boolean): boolean {
  if (state.linkLevel > 0 || !state.src.startsWith('://', state.pos)) return false;
  const scheme = httpAtEnd.exec(state.pending.slice(-longestBefore))?.[1]?.length;
  if (scheme === undefined) return false;
  const link = bareLinkAt(state.src, state.pos - scheme);
  if (link === null || link.end > state.posMax) return false;
  if (!silent) {
    state.pending = state.pending.slice(0, -scheme);
    state.push('link_open', 'a', 1).attrs = [['href', link.url]];
    state.push('text', '', 0).content = state.src.slice(link.start, link.end);
    state.push('link_close', 'a', -1);
  }
  state.pos = link.end;
  return true;
}

const httpAtEnd = /(?<![\p{L}\p{N}_])(https?)$/iu;
const longestBefore = 8; // "https", and two characters before it that may be one astral letter

/** `www.…` and `mailto:…` in what is left as text. */
function linkLooseAddresses(state: StateCore): void {
  if (!looseAddress.test(state.src)) return;
  for (const block of state.tokens) {
    if (block.children === null) continue;
    let depth = 0;
    block.children = block.children.flatMap((token) => {
      if (token.type === 'link_open') depth += 1;
      if (token.type === 'link_close') depth -= 1;
      return token.type === 'text' && depth === 0 ? linkText(token, state) : [token];
    });
  }
}

const looseAddress = /www\.|mailto:/i;

function linkText(token: Token, state: StateCore): Token[] {
  const links = findBareLinks(token.content);
  if (links.length === 0) return [token];
  const tokens: Token[] = [];
  const push = (type: string, tag: string, nesting: -1 | 0 | 1, content: string) => {
    const made = new state.Token(type, tag, nesting);
    made.content = content;
    tokens.push(made);
    return made;
  };
  let from = 0;
  for (const { start, end, url } of links) {
    push('text', '', 0, token.content.slice(from, start));
    push('link_open', 'a', 1, '').attrs = [['href', url]];
    push('text', '', 0, token.content.slice(start, end));
    push('link_close', 'a', -1, '');
    from = end;
  }
  push('text', '', 0, token.content.slice(from));
  return tokens;
}
