import sanitizeHtml from 'sanitize-html';
import { canonicalHtml } from './canonical.js';
import { createHtmlWriter } from './html-writer.js';
import { allowedTags, maxDepth } from './html.js';
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
 * What is in the grammar already (most of what Markdown makes) is not given to sanitize-html, which would change
 * nothing in it: a test holds the two against each other. Costs else as much as sanitize-html and a fifth more.
 */
export function sanitize(html: string): string {
  const asItCame = canonicalHtml(html);
  return asItCame.faithful ? asItCame.html : sanitizeFully(html);
}

/** `sanitize` without the short cut for what is in the grammar already; for comparing the two. */
export function sanitizeFully(html: string): string {
  let written = canonicalHtml(sanitizeHtml(html, policy));
  for (let round = 0; round < maxRounds && !written.faithful; round += 1) {
    const again = canonicalHtml(written.html);
    if (again.html === written.html) return again.html;
    written = again;
  }
  return written.faithful ? written.html : asPlainText(html);
}

// Where something is left out its neighbours meet, and the next round sees them as one.
const maxRounds = 6;

/** For what does not settle: never seen, safe all the same. */
function asPlainText(html: string): string {
  const writer = createHtmlWriter();
  writer.text(cleanText(html));
  return writer.end().html;
}

const policy: sanitizeHtml.IOptions = {
  allowedTags: [...allowedTags],
  // `rel` and `target` are written by `canonicalHtml`, whatever the input says.
  allowedAttributes: { a: ['href'] },
  allowedSchemes: ['http', 'https', 'mailto'],
  allowedSchemesByTag: {},
  allowedSchemesAppliedToAttributes: ['href'],
  allowProtocolRelative: false,
  allowedClasses: {},
  allowedStyles: {},
  disallowedTagsMode: 'discard',
  nestingLimit: maxDepth,
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
