import { createHmac } from 'node:crypto';
import { isIPv4, isIPv6 } from 'node:net';
import type { Clock, DirectoryStore, Ids } from '../domain/ports.js';

/**
 * The bucket of an address: an IPv4 address itself, however it is written; of IPv6 its /64, which
 * is what one customer has at least. Everything else shares one bucket.
 */
export function limiterKey(ip: string): string {
  const address = plain(ip);
  if (isIPv4(address)) return address;
  const groups = groupsOf(address);
  if (groups === null) return 'unknown';
  return mappedIPv4(groups) ?? `${shown(groups, 4)}::/64`;
}

/** The wider bucket around an IPv6 address, its /48; null for IPv4 and what is no address. */
export function outerLimiterKey(ip: string): string | null {
  const groups = groupsOf(plain(ip));
  if (groups === null || mappedIPv4(groups) !== null) return null;
  return `${shown(groups, 3)}::/48`;
}

/**
 * Keyed hashes of addresses, 128 bits in hex, under the secret of the month (UTC): all that is ever
 * kept of an address. Rejects as the store does.
 */
export function createAddressKeys({
  directory,
  clock,
  ids,
}: {
  readonly directory: Pick<DirectoryStore, 'addressSecret'>;
  readonly clock: Clock;
  readonly ids: Ids;
}): (ip: string) => Promise<string> {
  let current: { readonly month: string; readonly secret: Promise<string> } | null = null;

  return async (ip) => hashOf(limiterKey(ip), await secretOf(monthOf(clock.now())));

  /** One question a month and process; a failure is not kept. */
  function secretOf(month: string): Promise<string> {
    if (current?.month === month) return current.secret;
    const secret = directory.addressSecret(month, ids.token());
    const asked = { month, secret };
    current = asked;
    secret.catch(() => {
      if (current === asked) current = null;
    });
    return secret;
  }
}

const monthOf = (now: number): string => new Date(now).toISOString().slice(0, 7);

const hashOf = (key: string, secret: string): string =>
  createHmac('sha256', secret).update(key).digest('hex').slice(0, 32);

/** Without a zone (`fe80::1%eth0`). */
const plain = (ip: string): string => ip.trim().replace(/%.*$/, '');

/** The eight groups of an IPv6 address. */
function groupsOf(address: string): readonly number[] | null {
  if (!isIPv6(address)) return null;
  const hex = address.replace(
    /(\d+)\.(\d+)\.(\d+)\.(\d+)$/,
    (_, a: string, b: string, c: string, d: string) =>
      `${(Number(a) * 256 + Number(b)).toString(16)}:${(Number(c) * 256 + Number(d)).toString(16)}`,
  );
  const [left = '', right] = hex.split('::');
  const before = left === '' ? [] : left.split(':');
  const after = right === undefined || right === '' ? [] : right.split(':');
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  return [...before, ...zeros, ...after].map((group) => Number.parseInt(group, 16));
}

/** `::ffff:1.2.3.4` is an IPv4 client on a socket of both families. Source: RFC 4291 section 2.5.5.2. */
function mappedIPv4(groups: readonly number[]): string | null {
  const [high = 0, low = 0] = groups.slice(6);
  const mapped = groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0);
  return mapped ? [high >> 8, high & 255, low >> 8, low & 255].join('.') : null;
}

const shown = (groups: readonly number[], count: number): string =>
  groups
    .slice(0, count)
    .map((group) => group.toString(16))
    .join(':');
