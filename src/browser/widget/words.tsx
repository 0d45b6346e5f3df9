import { Fragment, h, type VNode } from 'preact';
import { type Piece, readHtml, safeHref } from '../shared/html-reader.js';

/** The words of a comment as elements, by way of the strict reader. */
export function Words({ html }: { readonly html: string }) {
  return (
    <div class="words" part="body" dir="auto">
      {readHtml(html).map(toNode)}
    </div>
  );
}

/** A comment on its way, as typed. */
export function Typed({ source }: { readonly source: string }) {
  return (
    <div class="words typed" part="body" dir="auto">
      {source}
    </div>
  );
}

function toNode(piece: Piece): VNode | string {
  if (typeof piece === 'string') return piece;
  const children = piece.children.map(toNode);
  if (piece.tag !== 'a') return h(piece.tag, null, children);
  const url = safeHref(piece.href ?? '');
  if (!url) return h(Fragment, null, children);
  return (
    <a href={url.href} title={url.host} rel="ugc nofollow noopener noreferrer" target="_blank">
      {children}
      {disguised(textOf(piece), url) && ` (${url.host})`}
    </a>
  );
}

/** Whether the words of a link look like the address of another host. */
function disguised(text: string, url: URL): boolean {
  const shown = /^\s*(?:https?:\/\/)?((?:[\w-]+\.)+[a-z]{2,})/i.exec(text)?.[1]?.toLowerCase();
  const bare = (host: string) => host.replace(/^www\./, '');
  return shown !== undefined && url.host !== '' && bare(shown) !== bare(url.hostname);
}

const textOf = (piece: Piece): string =>
  typeof piece === 'string' ? piece : piece.children.map(textOf).join('');
