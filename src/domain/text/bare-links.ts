/** A bare address in a text: from `start` up to `end`, leading to `url`. */
interface BareLink {
  readonly start: number;
  readonly end: number;
  readonly url: string;
}

/**
 * The bare addresses of a text, in order: `http://…`, `https://…`, `www.…` and `mailto:…`, without the punctuation
 * after them. Neither `example.com` nor a bare e-mail: those are slips or private more often than links. Whether an
 * address may be a link is not asked here. Costs O(n).
 */
export function findBareLinks(text: string): readonly BareLink[] {
  const links: BareLink[] = [];
  if (!mayHoldLink.test(text)) return links;
  let from = 0;
  for (const match of text.matchAll(prefix)) {
    if (match.index < from) continue;
    const link = bareLinkAt(text, match.index);
    if (link === null) continue;
    links.push(link);
    from = link.end;
  }
  return links;
}

/** The bare address that starts at `start`, or null. */
export function bareLinkAt(text: string, start: number): BareLink | null {
  beginning.lastIndex = start;
  if (!beginning.test(text)) return null; // before anything costs, for floods of what only begins like one
  const withoutScheme = !text
    .slice(start, start + 4)
    .toLowerCase()
    .startsWith('http');
  const end = endOfAddress(text, start, withoutScheme);
  const address = text.slice(start, end);
  if (!wholeAddress.test(address)) return null;
  return { start, end, url: startsWithWww.test(address) ? `http://${address}` : address };
}

const mayHoldLink = /:\/\/|www\.|mailto:/i;
const prefix = /(?<![\p{L}\p{N}_])(?:https?:\/\/|(?<![./@:-])www\.|mailto:)/giu;
const startsWithWww = /^www\./i;
const shape =
  'https?:\\/\\/[\\p{L}\\p{N}[]|www\\.[\\p{L}\\p{N}-]{1,63}\\.[\\p{L}\\p{N}]|mailto:[^@\\s]{1,64}@[\\p{L}\\p{N}]';
const beginning = new RegExp(shape, 'iuy');
const wholeAddress = new RegExp(`^(?:${shape})`, 'iu');
const http = /(?<![\p{L}\p{N}_])https?:\/\//iuy;

// White space, quotes, and marks that end a sentence or a bracket in any script.
const endsAddress = /[\s<>"`\\\p{Cc}\p{Ps}\p{Pe}\p{Pi}\p{Pf}、。，！？；：．…]/u;
const looseEnd = "?!.,:;*_~'";
const openers = '([{';
const closers = ')]}';

function endOfAddress(text: string, start: number, endsAtHttp: boolean): number {
  const pending: string[] = [];
  let end = start;
  for (; end < text.length; end += 1) {
    const char = text.charAt(end);
    const opener = openers.indexOf(char);
    if (opener >= 0) pending.push(closers.charAt(opener));
    else if (closers.includes(char)) {
      if (pending.pop() !== char) break; // the bracket was opened before the address
    } else if (endsAddress.test(char) || (endsAtHttp && startsHttp(text, end))) break;
  }
  while (end > start && isLoose(text.charAt(end - 1), pending.length)) end -= 1;
  return end;
}

function isLoose(char: string, openBrackets: number): boolean {
  return looseEnd.includes(char) || (openBrackets > 0 && openers.includes(char));
}

/** Whether an address with `http` starts there, which then is one of its own. */
function startsHttp(text: string, at: number): boolean {
  if (text[at] !== 'h' && text[at] !== 'H') return false;
  http.lastIndex = at;
  return http.test(text) && bareLinkAt(text, at) !== null;
}
