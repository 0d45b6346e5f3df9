import type { IncomingMessage } from 'node:http';
import { createAddresses } from '../../src/http/middleware/address.js';
import { createFloodLimit } from '../../src/http/middleware/flood-limit.js';
import { startApp } from '../helpers/app.js';
import { createClock } from '../helpers/clock.js';
import type { Answer } from '../helpers/client.js';

const path = '/api/v1/sites/times/articles/a';

/** A request as far as its address goes. */
const from = (remoteAddress: string, forwarded?: string) =>
  ({
    socket: { remoteAddress },
    headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
  }) as unknown as IncomingMessage;

/** Seconds on a machine that does much else besides. */
jest.setTimeout(60_000);

describe('the address of a request', () => {
  it('is that of the socket while no proxy is trusted', () => {
    expect(createAddresses(false)(from('198.51.100.7', '203.0.113.1')).ip).toBe('198.51.100.7');
  });

  it('is so many hops away, whatever a client puts before', () => {
    const one = createAddresses(1);
    expect(one(from('10.0.0.1', '203.0.113.1')).ip).toBe('203.0.113.1');
    expect(one(from('10.0.0.1', '1.1.1.1, 2.2.2.2, 203.0.113.1')).ip).toBe('203.0.113.1');
    const two = createAddresses(2);
    expect(two(from('10.0.0.1', '1.1.1.1, 203.0.113.1, 10.0.0.2')).ip).toBe('203.0.113.1');
    expect(two(from('10.0.0.1', '203.0.113.1')).ip).toBe('203.0.113.1');
  });

  it('is the first that is not a trusted proxy', () => {
    const find = createAddresses(['10.0.0.0/8', 'fd00::/8', '192.0.2.9']);
    expect(find(from('10.1.2.3', '6.6.6.6, 203.0.113.1, 10.9.9.9')).ip).toBe('203.0.113.1');
    expect(find(from('192.0.2.9', '203.0.113.1')).ip).toBe('203.0.113.1');
    expect(find(from('fd00::1', '2001:db8::1')).ip).toBe('2001:db8::1');
    expect(find(from('203.0.113.5', '6.6.6.6')).ip).toBe('203.0.113.5');
    expect(find(from('::ffff:10.0.0.1', '203.0.113.1')).ip).toBe('203.0.113.1');
  });

  it('is that of the proxy where the header is nonsense', () => {
    for (const text of ['', 'unknown', '1.2.3', "' or 1=1", '1.2.3.4:80', '_hidden', '[::1]']) {
      expect(createAddresses(1)(from('10.0.0.1', text)).ip).toBe('10.0.0.1');
    }
  });
});

describe('the flood limit', () => {
  const clock = createClock();
  const allowedOf = (perMinute: number) => {
    const flood = createFloodLimit({ perMinute, clock });
    const find = createAddresses(false);
    return (ip: string) => flood.take(find(from(ip)), clock.now()).allowed;
  };

  it('counts one IPv4 address in all its forms, and two apart', () => {
    const allowed = allowedOf(3);
    expect(['1.2.3.4', '::ffff:1.2.3.4', '::ffff:102:304', '1.2.3.4'].map(allowed)).toEqual([
      true,
      true,
      true,
      false,
    ]);
    expect(allowed('1.2.3.5')).toBe(true);
  });

  it('counts a /64 as one, and two apart', () => {
    const allowed = allowedOf(2);
    expect(['2001:db8::1', '2001:db8:0:0:ffff::9', '2001:db8::2'].map(allowed)).toEqual([
      true,
      true,
      false,
    ]);
    expect(allowed('2001:db8:0:1::1')).toBe(true);
  });

  it('has a wider limit for a /48', () => {
    const allowed = allowedOf(2);
    const results = Array.from({ length: 40 }, (_, i) =>
      allowed(`2001:db8:0:${i.toString(16)}::1`),
    );
    expect(results.filter(Boolean)).toHaveLength(32);
    expect(allowed('2001:db8:1::1')).toBe(true);
  });

  it('gives a fresh minute after the last, and after a clock that jumped back', () => {
    const allowed = allowedOf(1);
    expect([allowed('1.1.1.1'), allowed('1.1.1.1')]).toEqual([true, false]);
    clock.advance(60_000);
    expect([allowed('1.1.1.1'), allowed('1.1.1.1')]).toEqual([true, false]);
    clock.advance(-3_600_000);
    expect(allowed('1.1.1.1')).toBe(true);
  });
});

describe('the flood limit of a server', () => {
  const statuses = (answers: readonly Answer[]) => answers.map(({ status }) => status);

  it('is not moved by headers that a client makes up', async () => {
    const app = await startApp({ env: { SAYSO_LIMIT_READS_PER_MINUTE: '5' } });
    await app.putSite('times');
    const answers: Answer[] = [];
    for (let i = 0; i < 30; i += 1) {
      const ip = `198.51.100.${i}`;
      const made = { 'x-forwarded-for': ip, 'x-real-ip': ip, forwarded: `for=${ip}` };
      answers.push(await app.client.get(path, { ...made, 'cf-connecting-ip': ip }));
    }
    expect(statuses(answers).filter((status) => status === 200)).toHaveLength(5);
    await app.stop();
  });

  it('counts what a proxy says, not what a client put before', async () => {
    const app = await startApp({ env: { SAYSO_LIMIT_READS_PER_MINUTE: '5', TRUST_PROXY: '1' } });
    await app.putSite('times');
    const answers: Answer[] = [];
    for (let i = 0; i < 30; i += 1) {
      const headers = { 'x-forwarded-for': `198.51.100.${i}, 203.0.113.1` };
      answers.push(await app.client.get(path, headers));
    }
    expect(statuses(answers).filter((status) => status === 200)).toHaveLength(5);
    const other = await app.client.get(path, { 'x-forwarded-for': '203.0.113.2' });
    expect(other.status).toBe(200);
    await app.stop();
  });

  it('tells in structured fields what is left, and a wait of Retry-After is enough', async () => {
    const clock = createClock();
    const env = { SAYSO_LIMIT_READS_PER_MINUTE: '2' };
    const app = await startApp({ env, overrides: { clock } });
    await app.putSite('times');
    const answers: Answer[] = [];
    for (let i = 0; i < 3; i += 1) answers.push(await app.client.get(path));
    expect(statuses(answers)).toEqual([200, 200, 429]);
    for (const { headers } of answers) {
      // RFC 9651: an item that is a string, with integer and byte sequence parameters.
      expect(headers.ratelimit).toMatch(/^"[ -~]+"; r=\d{1,15}; t=\d{1,15}$/);
      expect(headers['ratelimit-policy']).toMatch(/^"[ -~]+"; q=2; w=60; pk=:[A-Za-z0-9+/]+=*:$/);
    }
    clock.advance(Number(answers[2]?.headers['retry-after']) * 1_000);
    expect((await app.client.get(path)).status).toBe(200);
    await app.stop();
  });

  it('does not stop those who ask how the server is', async () => {
    const app = await startApp({ env: { SAYSO_LIMIT_READS_PER_MINUTE: '1' } });
    for (let i = 0; i < 5; i += 1) {
      expect((await app.client.get('/livez')).status).toBe(200);
      expect((await app.client.get('/readyz')).status).toBe(200);
    }
    await app.stop();
  });
});
