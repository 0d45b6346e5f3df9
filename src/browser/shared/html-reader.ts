/** A piece of a rendered comment: words, or an element with its children. */
export type Piece =
  string | { readonly tag: Tag; readonly href?: string; readonly children: readonly Piece[] };

/** The elements that a rendered comment may have. */
export type Tag =
  | 'p' | 'br' | 'a' | 'strong' | 'em' | 's' | 'del' | 'blockquote' | 'code' | 'pre'
  | 'ul' | 'ol' | 'li' | 'b' | 'i'; // prettier-ignore

/** The server nests 12 deep; beyond this a drawing that calls itself would be at risk. */
const maxDepth = 40;

interface Open {
  readonly tag: Tag;
  readonly href?: string;
  readonly children: Piece[];
}

/**
 * Reads the strict HTML that the server writes (the grammar stands in `domain/text/sanitize.ts`).
 * It never calls the browser's parser, and whatever is off the grammar is shown as the text that
 * it is. O(n).
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
    } else if (open.length >= maxDepth || nestedLink(open, element)) say(token);
    else {
      const { tag, href } = element;
      const next = { tag, children: [], ...(href !== undefined && { href }) };
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

const nestedLink = (open: readonly Open[], { tag }: { readonly tag: Tag }) =>
  tag === 'a' && open.some((element) => element.tag === 'a');

const tagForm = /^<(\/?)(p|br|strong|em|s|del|blockquote|code|pre|ul|ol|li|b|i)>$/;
const linkForm = /^<a href="([^"]*)" rel="nofollow ugc noopener noreferrer" target="_blank">$/;

function readTag(token: string): { tag: Tag; href?: string; closing: boolean } | undefined {
  const href = linkForm.exec(token)?.[1];
  if (href !== undefined) return { tag: 'a', href: unescape(href), closing: false };
  if (token === '</a>') return { tag: 'a', closing: true };
  const [, slash, tag] = tagForm.exec(token) ?? [];
  if (!tag || (slash && tag === 'br')) return undefined;
  return { tag: tag as Tag, closing: slash === '/' }; // one of those in the form
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };

const unescape = (text: string) =>
  text.replace(/&(amp|lt|gt|quot);/g, (_, name: string) => entities[name] ?? '');
