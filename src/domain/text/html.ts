/** Elements that stand inside a line. */
export const inlineTags: ReadonlySet<string> = new Set([
  'a',
  'b',
  'strong',
  'i',
  'em',
  's',
  'del',
  'code',
]);

/** Elements that begin on a line of their own. */
const blockTags: ReadonlySet<string> = new Set(['p', 'blockquote', 'pre', 'ul', 'ol', 'li']);

/** Every element of a stored comment. */
export const allowedTags: readonly string[] = [...inlineTags, ...blockTags, 'br'];

/** Elements that are open at once at most, `br` counted. */
export const maxDepth = 12;

/** Text as HTML writes it: `&`, `<` and `>` as entities. */
export function escapeText(text: string): string {
  return special.test(text)
    ? text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
    : text;
}

/** Undoes the entities of `escapeText` and `linkTag`, and `&#39;`. */
export function unescapeText(escaped: string): string {
  return escaped.includes('&') ? escaped.replace(entity, (all) => entities[all] ?? all) : escaped;
}

/** The opening tag of a link; `href` must come from `safeHref`. */
export function linkTag(href: string): string {
  const value = escapeText(href).replaceAll('"', '&quot;');
  return `<a href="${value}" rel="nofollow ugc noopener noreferrer" target="_blank">`;
}

/** Marks at the start of a text, which have no base in their own element. */
export const looseMarks = /^[\p{Mn}\p{Me}\u200c\u200d]+/u;

/** What is not seen where a block starts: white space and loose marks. */
export const blankStart = /^[ \t\n\p{Mn}\p{Me}\u200c\u200d]+/u;

/** Drops spaces, tabs and newlines at the start. */
export function trimBlankStart(words: string): string {
  let start = 0;
  while (start < words.length && ' \t\n'.includes(words.charAt(start))) start += 1;
  return start === 0 ? words : words.slice(start);
}

/** Drops spaces, tabs and newlines at the end. */
export function trimBlankEnd(words: string): string {
  let end = words.length;
  while (end > 0 && ' \t\n'.includes(words.charAt(end - 1))) end -= 1;
  return end === words.length ? words : words.slice(0, end);
}

const special = /[&<>]/;
const entity = /&(?:amp|lt|gt|quot|#39);/g;
const entities: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
};
