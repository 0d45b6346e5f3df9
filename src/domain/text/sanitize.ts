import sanitizeHtml from 'sanitize-html';
import { canonicalHtml, escapeText } from './canonical.js';
import { cleanText } from './unicode.js';

/**
 * The only gate to stored HTML. Whatever comes in, what goes out is in this grammar and nothing else, and
 * `sanitize(sanitize(x)) === sanitize(x)`:
 *
 * ```
 * html    = { text | void | element } ;
 * void    = "<br>" ;
 * element = "<" tag ">" html "</" tag ">" | link ;
 * tag     = "p" | "b" | "strong" | "i" | "em" | "s" | "del" | "blockquote" | "code" | "pre" | "ul" | "ol" | "li" ;
 * link    = '<a href="' value '" rel="nofollow ugc noopener noreferrer" target="_blank">' html "</a>" ;
 * text    = { any character but "<", ">", "&" | "&amp;" | "&lt;" | "&gt;" } ;
 * value   = { ASCII but "<", ">", "&", '"' and controls | "&amp;" | "&lt;" | "&gt;" | "&quot;" } ;
 * ```
 *
 * Lower case only; no other white space inside tags; the quotes `"` and `'` stand as they are in text. Besides:
 * every element is closed and holds something; at most 12 are open at once, `br` counted; in a `p` or a `pre` only
 * inline elements (a b strong i em s del code) and `br`; `li` exactly and only below `ul` and `ol`, which hold nothing
 * else; no link in a link; no newline first in a `pre`; `value` is absolute, http, https or mailto. A browser parses
 * it into the tree as written.
 *
 * Costs about as much as sanitize-html alone (0.2 µs a character).
 */
export function sanitize(html: string): string {
  let before = canonicalHtml(sanitizeHtml(html, policy));
  for (let round = 0; round < maxRounds; round += 1) {
    const after = canonicalHtml(before);
    if (after === before) return after;
    before = after;
  }
  return escapeText(cleanText(html)).trim(); // not known to be reached; safe all the same
}

// Text that is dropped as unknown markup may join its neighbours, which the next round sees as one.
const maxRounds = 6;

const policy: sanitizeHtml.IOptions = {
  allowedTags: [
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
  // `rel` and `target` are written by `canonicalHtml`, whatever the input says.
  allowedAttributes: { a: ['href'] },
  allowedSchemes: ['http', 'https', 'mailto'],
  allowedSchemesByTag: {},
  allowedSchemesAppliedToAttributes: ['href'],
  allowProtocolRelative: false,
  allowedClasses: {},
  allowedStyles: {},
  disallowedTagsMode: 'discard',
  nestingLimit: 12,
  // What these hold is not text for readers, or is parsed unlike HTML: it goes with them.
  nonTextTags: [
    'script',
    'style',
    'textarea',
    'option',
    'xmp',
    'noscript',
    'noembed',
    'noframes',
    'plaintext',
    'iframe',
    'title',
    'template',
    'svg',
    'math',
    'select',
    'object',
    'embed',
    'applet',
    'head',
  ],
};
