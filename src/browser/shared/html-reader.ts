/** A piece of a rendered comment: words, or an element with its children. */
export type Piece =
  string | { readonly tag: Tag; readonly href?: string; readonly children: readonly Piece[] };

/** The elements that a rendered comment may have. */
export type Tag = (typeof tags)[number];

const tags = [
  'p', 'br', 'a', 'strong', 'em', 's', 'del', 'blockquote', 'code', 'pre', 'ul', 'ol', 'li', 'b', 'i',
] as const; // prettier-ignore
const known = new Set<string>(tags);
const maxDepth = 40;

interface Open {
  readonly tag: Tag;
  readonly href?: string;
  readonly children: Piece[];
}

/**
 * Reads the strict HTML that the server writes (`domain/text`): the tags above, `href`, `rel` and
 * `target` on links, five entities. It never calls the browser's parser, and whatever is off the
 * grammar is shown as the text that it is. O(n).
 */
export function readHtml(html: string): readonly Piece[] {
  const root: Piece[] = [];
  const open: Open[] = [];
  const here = () => open.at(-1)?.children ?? root;
  const say = (text: string) => {
    const last = here().at(-1);
    if (typeof last === 'string') here()[here().length - 1] = last + text;
    else here().push(text);
  };
  for (const [token] of html.matchAll(/<[^<>]*>|<|[^<]+/g)) {
    const element = token[0] === '<' ? readTag(token) : undefined;
    if (!element) say(token[0] === '<' ? token : unescape(token));
    else if (element.closing) {
      if (open.at(-1)?.tag === element.tag) open.pop();
      else say(token);
    } else if (open.length >= maxDepth || nestedLink(open, element.tag)) say(token);
    else {
      const next = { ...element, children: [] };
      here().push(next);
      if (element.tag !== 'br') open.push(next);
    }
  }
  return root;
}

/** The address if it is one that a comment may link to: http, https or mailto, without a login. */
export function safeHref(href: string): URL | undefined {
  const url = URL.canParse(href) ? new URL(href) : undefined;
  if (!url || url.username || url.password) return undefined;
  return /^(https?|mailto):$/.test(url.protocol) ? url : undefined;
}

const nestedLink = (open: readonly Open[], tag: Tag) =>
  tag === 'a' && open.some((element) => element.tag === 'a');

const tagForm = /^<(\/?)([a-z]+)((?: [a-z]+="[^"<>]*")*) ?(\/?)>$/;

function readTag(token: string): { tag: Tag; href?: string; closing: boolean } | undefined {
  const [, slash, name = '', attributes = '', selfClosing] = tagForm.exec(token) ?? [];
  if (!known.has(name) || (selfClosing && name !== 'br')) return undefined;
  const tag = name as Tag; // just found among them
  if (slash) return attributes || tag === 'br' ? undefined : { tag, closing: true };
  if (!attributes) return { tag, closing: false };
  let href: string | undefined;
  for (const [, key, value = ''] of attributes.matchAll(/ ([a-z]+)="([^"]*)"/g)) {
    if (tag !== 'a' || !/^(href|rel|target)$/.test(key ?? '')) return undefined;
    if (key === 'href') href = unescape(value);
  }
  return href === undefined ? { tag, closing: false } : { tag, href, closing: false };
}

const entities: Readonly<Record<string, string>> = {
  amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'",
}; // prettier-ignore

const unescape = (text: string) =>
  text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => entities[name] ?? '');
