import fc from 'fast-check';
import { createAddressKeys, limiterKey, outerLimiterKey } from '../../src/auth/address-key.js';
import { openStore } from '../../src/store/open-store.js';
import { createClock } from '../helpers/clock.js';
import { createTestIds } from '../helpers/factories.js';

describe('address buckets', () => {
  it('SEC-52 puts every form of one IPv4 address into one bucket, and two addresses into two', () => {
    const forms = [
      '1.2.3.4',
      '::ffff:1.2.3.4',
      '::ffff:102:304',
      '::FFFF:102:304',
      '0:0:0:0:0:ffff:0102:0304',
      '0000:0000:0000:0000:0000:ffff:1.2.3.4',
    ];
    expect(new Set(forms.map(limiterKey))).toEqual(new Set(['1.2.3.4']));
    expect(limiterKey('1.2.3.5')).not.toBe(limiterKey('1.2.3.4'));
  });

  it('SEC-52 puts a /64 into one bucket, two into two, and a /48 into the outer one', () => {
    expect(limiterKey('2001:db8:1:2::1')).toBe(limiterKey('2001:db8:1:2:ffff:ffff:ffff:ffff'));
    expect(limiterKey('2001:0DB8:0001:0002:0:0:0:1')).toBe(limiterKey('2001:db8:1:2::1'));
    expect(limiterKey('2001:db8:1:2::1')).not.toBe(limiterKey('2001:db8:1:3::1'));
    expect(outerLimiterKey('2001:db8:1:2::1')).toBe(outerLimiterKey('2001:db8:1:3::1'));
    expect(outerLimiterKey('2001:db8:1:2::1')).not.toBe(outerLimiterKey('2001:db8:2:2::1'));
    expect([outerLimiterKey('1.2.3.4'), outerLimiterKey('::ffff:1.2.3.4')]).toEqual([null, null]);
    expect(limiterKey('fe80::1%eth0')).toBe(limiterKey('fe80::2'));
    expect(limiterKey('::1')).toBe('0:0:0:0::/64');
  });

  it('puts everything that is no address into one bucket', () => {
    const wrong = [
      '',
      'unknown',
      '1.2.3',
      '1.2.3.4.5',
      '1.2.3.4, 5.6.7.8',
      '::g',
      '<script>',
      ':::',
    ];
    expect(new Set(wrong.map(limiterKey))).toEqual(new Set(['unknown']));
  });

  it('gives every text a bucket, and addresses of one /64 the same (seed printed on failure)', () => {
    fc.assert(fc.property(fc.string(), (text) => limiterKey(text).length > 0));
    fc.assert(
      fc.property(fc.ipV6(), (ip) => {
        const key = limiterKey(ip);
        return key === limiterKey(ip.toUpperCase()) && key !== 'unknown';
      }),
    );
  });
});

describe('address keys', () => {
  it('SEC-90 are 128 bits that change with the month and never hold the address', async () => {
    const clock = createClock(Date.UTC(2026, 10, 30, 23, 59, 59));
    const { directory, close } = await openMemory(clock);
    const keyOf = createAddressKeys({ directory, clock, ids: createTestIds(7) });
    const november = await keyOf('203.0.113.77');
    expect(november).toMatch(/^[0-9a-f]{32}$/);
    expect(await keyOf('::ffff:203.0.113.77')).toBe(november);
    expect(await keyOf('203.0.113.78')).not.toBe(november);
    clock.advance(1_000);
    expect(await keyOf('203.0.113.77')).not.toBe(november);
    await close();
  });

  it('are the same on every node, whoever made the secret of the month', async () => {
    const clock = createClock();
    const { directory, close } = await openMemory(clock);
    const a = createAddressKeys({ directory, clock, ids: createTestIds(1) });
    const b = createAddressKeys({ directory, clock, ids: createTestIds(2) });
    expect(await a('203.0.113.77')).toBe(await b('203.0.113.77'));
    await close();
  });

  it('ask again after the store failed', async () => {
    let asked = 0;
    const addressSecret = async (_: string, fresh: string): Promise<string> => {
      asked += 1;
      if (asked === 1) throw new Error('down');
      return fresh;
    };
    const directory = { addressSecret };
    const keyOf = createAddressKeys({ directory, clock: createClock(), ids: createTestIds(1) });
    await expect(keyOf('1.2.3.4')).rejects.toThrow('down');
    expect(await keyOf('1.2.3.4')).toHaveLength(32);
  });

  async function openMemory(clock: ReturnType<typeof createClock>) {
    const store = await openStore('sqlite::memory:', { clock });
    return { directory: store.directory, close: () => store.close() };
  }
});
