import { isIPv6 } from 'node:net';
import { isNativeError } from 'node:util/types';

/** What stands where something was taken out. */
export const redacted = '[redacted]';

/**
 * A copy of what is to be logged without the fields that never belong there, at any depth: tokens,
 * cookies, e-mail, addresses, what people wrote. Depth and length are bounded.
 */
export function redactFields(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isNativeError(value)) return redactFields(errorFields(value), depth);
  if (value instanceof Date) return value.toJSON();
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (depth >= maxDepth) return '[deeper]';
  if (Array.isArray(value)) {
    return value.slice(0, maxItems).map((item) => redactFields(item, depth + 1));
  }
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, maxItems)
      .map(([key, field]) => [key, isForbidden(key) ? redacted : redactFields(field, depth + 1)]),
  );
}

/**
 * Takes out of one finished line what patterns can tell wherever it stands (tokens, keys, e-mail,
 * addresses but loopback), and escapes what a terminal or reader would obey (C1, bidi, line ends).
 */
export function scrubLine(line: string): string {
  let scrubbed = line
    .replace(jwt, redacted)
    .replace(serviceKey, redacted)
    .replace(bearer, `$1 ${redacted}`);
  // Each guard saves a search from every character, which is most of a line's time.
  if (line.includes('@')) {
    scrubbed = scrubbed.replace(password, `$1${redacted}@`).replace(email, redacted);
  }
  if (line.includes('::') || sixGroups.test(line)) {
    scrubbed = scrubbed.replace(ipv6, (address) =>
      isIPv6(address) && address !== '::1' ? redacted : address,
    );
  }
  return scrubbed
    .replace(ipv4, (address, at: number, whole: string) =>
      address.startsWith('127.') || isInWord(whole, at) ? address : redacted,
    )
    .replace(controls, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

const maxDepth = 6;
const maxItems = 50;

/** Names, without case and punctuation, of fields that are never logged. */
const forbidden = new Set([
  'authorization',
  'proxyauthorization',
  'cookie',
  'cookies',
  'setcookie',
  'token',
  'accesstoken',
  'refreshtoken',
  'idtoken',
  'csrftoken',
  'xcsrftoken',
  'sso',
  'jwt',
  'key',
  'apikey',
  'secret',
  'password',
  'passwd',
  'email',
  'mail',
  'ip',
  'ips',
  'ipkey',
  'ipaddress',
  'address',
  'remoteaddress',
  'clientip',
  'xforwardedfor',
  'xrealip',
  'forwarded',
  'cfconnectingip',
  'trueclientip',
  'source',
  'html',
  'plain',
  'text',
  'body',
  'rawbody',
  'note',
  'referer',
  'referrer',
  'useragent',
]);

const isForbidden = (key: string): boolean =>
  forbidden.has(key.toLowerCase().replace(/[^a-z0-9]/g, ''));

/** Causes are followed; own fields of an error (a driver's host, a query) are left out. */
function errorFields(error: Error): Record<string, unknown> {
  const code = 'code' in error ? { code: error.code } : {};
  const cause = error.cause === undefined ? {} : { cause: error.cause };
  return { type: error.name, message: error.message, stack: error.stack, ...code, ...cause };
}

// No `\b`: in a line of JSON a line feed is `\n`, whose letter would stick to what follows it.
const jwt = /eyJ[\w-]{8,}\.[\w-]*\.?[\w-]*/g;
const serviceKey = /sk_[\w-]{40,}/g;
const bearer = /(Bearer|Basic) [\w.~+/=-]{6,}/gi;
const password = /(:\/\/[^\s/:@"\\]{1,128}:)[^\s/@"\\]{1,256}@/g;
const email = /[\w.%+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}/gi;
const ipv4 = /\d{1,3}(?:\.\d{1,3}){3}(?!\.?\w)/g;
const sixGroups = /(?:[0-9a-f]{1,4}:){6}/i;
const ipv6 =
  /(?<=^|[^\w:]|\\[bfnrt])[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?:\d{0,3}(?:\.\d{1,3}){3})?(?![\w:])/gi;
const controls = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** Whether what begins at `at` goes on from a word or number; `\n` and its like are no word. */
const isInWord = (line: string, at: number): boolean =>
  /(?<!\\)[a-z]$|[\d_.]$|\\\\[a-z]$/i.test(line.slice(Math.max(0, at - 3), at));
