import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import { limiterKey } from '../../auth/address-key.js';
import type { HttpSettings } from '../deps.js';

/** Where a request comes from. */
export interface Address {
  readonly ip: string;
  /** What limits count by: the IPv4 address, or the /64. */
  readonly bucket: string;
}

/**
 * Finds the address of a request. `X-Forwarded-For` is believed only as far as the proxies that
 * are set reach, counted from the socket; no other header is looked at.
 */
export function createAddresses(
  trustProxy: HttpSettings['trustProxy'],
): (request: IncomingMessage) => Address {
  const isProxy = trustFunction(trustProxy);
  const known = new Map<string, Address>();

  const toAddress = (raw: string): Address => {
    const kept = known.get(raw);
    if (kept !== undefined) return kept;
    if (known.size >= maxKnown) known.clear();
    const address = { ip: raw, bucket: limiterKey(raw) };
    known.set(raw, address);
    return address;
  };

  if (isProxy === null) return (request) => toAddress(request.socket.remoteAddress ?? '');
  return (request) => {
    let address = toAddress(request.socket.remoteAddress ?? '');
    const hops = (headerText(request.headers['x-forwarded-for']) ?? '').split(',').reverse();
    for (const [index, hop] of hops.entries()) {
      const next = hop.trim();
      if (!isProxy(address.ip, index) || isIP(next) === 0) break;
      address = toAddress(next);
    }
    return address;
  };
}

/** Addresses that are remembered in parsed form; then it starts afresh. */
const maxKnown = 20_000;

function trustFunction(
  trust: HttpSettings['trustProxy'],
): ((ip: string, index: number) => boolean) | null {
  if (trust === false || trust === 0) return null;
  if (typeof trust === 'number') return (_ip, index) => index < trust;
  const ranges = new BlockList();
  for (const range of trust) addRange(ranges, range);
  return (ip) => ranges.check(ip, isIP(ip) === 6 ? 'ipv6' : 'ipv4');
}

function addRange(ranges: BlockList, range: string): void {
  const [net = '', prefix] = range.trim().split('/', 2);
  const family = isIP(net) === 6 ? 'ipv6' : 'ipv4';
  if (prefix === undefined) ranges.addAddress(net, family);
  else ranges.addSubnet(net, Number(prefix), family);
}

const headerText = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value.join(',') : value;
