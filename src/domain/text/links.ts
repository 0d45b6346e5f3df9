import { limits } from '../../contract/limits.js';

/**
 * The address as a link may carry it, in the WHATWG's serialised form (ASCII only), or null: absolute, http, https or
 * mailto, no user information, at most 2,048 characters before and after.
 */
export function safeHref(href: string): string | null {
  if (href.length > limits.urlChars) return null;
  const url = parseUrl(href);
  if (url === null || !schemes.has(url.protocol)) return null;
  if (url.username !== '' || url.password !== '') return null;
  if (url.protocol === 'mailto:' && url.pathname === '') return null;
  return url.href.length > limits.urlChars ? null : url.href;
}

/** How many links HTML of ours holds. */
export function countLinks(html: string): number {
  return html.split('<a ').length - 1;
}

/** The parts of an absolute address; null where it is none. */
export function parseUrl(text: string): URL | null {
  try {
    // Not `URL.canParse`: on Node 20 it says no to `https://bücher.example` once it is compiled.
    return new URL(text);
  } catch {
    return null;
  }
}

const schemes: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:']);
