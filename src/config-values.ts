import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { weaknessOf } from './auth/secrets.js';
import { parseUrl } from './domain/text/links.js';
import { sqliteName } from './store/sqlite-address.js';

/** Off, how many proxies stand in front, or their ranges. */
export type TrustProxy = false | number | readonly string[];

/** What may be logged, from most to least. */
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;

/** One of `logLevels`. */
export type LogLevel = (typeof logLevels)[number];

/** How strict the start is. */
export type Mode = 'development' | 'production' | 'test';

/** Any text without surrounding space. */
export const text = (value: string): string => value.trim();

/** A whole number from `least` to `most`. */
export const integer =
  (least: number, most: number) =>
  (value: string): number => {
    const number = /^\d{1,9}$/.test(value.trim()) ? Number(value) : Number.NaN;
    if (number >= least && number <= most) return number;
    throw new Error(`must be a whole number from ${least} to ${most}, not ${quote(value)}`);
  };

/** NODE_ENV. */
export function mode(value: string): Mode {
  if (value === 'development' || value === 'production' || value === 'test') return value;
  throw new Error(`must be development, production or test, not ${quote(value)}`);
}

/** LOG_LEVEL. */
export function logLevel(value: string): LogLevel {
  const level = logLevels.find((known) => known === value.trim());
  if (level !== undefined) return level;
  throw new Error(`must be one of ${logLevels.join(', ')}, not ${quote(value)}`);
}

/** The address of a store. It may hold a password, so a mistake does not repeat it. */
export function databaseUrl(value: string): string {
  if (sqliteName(value) !== null) return value;
  throw new Error('must be sqlite: and a file, as in sqlite:./data/sayso.db');
}

/** The absolute file of a `sqlite:` address; null for `sqlite::memory:`. */
export function sqliteFile(url: string): string | null {
  const name = sqliteName(url);
  return name === null || name === ':memory:' ? null : resolve(name);
}

/** An origin: scheme, host and port, nothing behind. A final slash is forgiven. */
export function origin(value: string): string {
  const url = parseUrl(value);
  const bare = url !== null && (value === url.origin || value === `${url.origin}/`);
  if (url !== null && bare && /^https?:$/.test(url.protocol)) return url.origin;
  throw new Error(`must be an origin, as in https://talk.example, not ${quote(value)}`);
}

/** Whether browsers treat the origin as secure: https, or this machine. */
export function isSecureOrigin(value: string): boolean {
  const { protocol, hostname } = new URL(value);
  return protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}

/** A secret that keys are derived from. */
export function strongSecret(value: string): string {
  const weakness = weaknessOf(value);
  if (weakness === null) return value;
  throw new Error(`${weakness}; make one with: openssl rand -base64 48`);
}

/** A bearer token: visible ASCII, so that it fits a header. */
export function token(value: string): string {
  if (/^[\x21-\x7e]{16,256}$/.test(value) && !isSample(value)) return value;
  throw new Error('must be 16 to 256 visible characters that are no sample');
}

/** `true` would let any client choose its own address. Source: expressjs.com/en/guide/behind-proxies. */
export function trustProxy(value: string): TrustProxy {
  const list = value.split(',').map((part) => part.trim());
  if (value.trim() === 'false' || value.trim() === '0') return false;
  if (/^\d{1,2}$/.test(value.trim())) return Number(value);
  if (list.every(isRange)) return list;
  throw new Error(
    `must be a number of proxies or a list of addresses and ranges, as in 10.0.0.0/8, not ${quote(value)}`,
  );
}

function isRange(range: string): boolean {
  const [address = '', bits, ...rest] = range.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  if (bits === undefined) return true;
  // A range of no bits is everybody, which is what `true` would be.
  return /^\d{1,3}$/.test(bits) && Number(bits) > 0 && Number(bits) <= (version === 4 ? 32 : 128);
}

const isSample = (value: string): boolean => weaknessOf(value) === 'is a well-known sample value';

const quote = (value: string): string => JSON.stringify(value.slice(0, 80));
