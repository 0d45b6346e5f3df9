import { seeded } from '../helpers/seeded.js';

/** Random choices that repeat with their seed. */
export interface Dice {
  /** A whole number from 0 up to, not including, `below`. */
  roll(below: number): number;
  /** True so often (0–1). */
  chance(share: number): boolean;
  pick<T>(items: readonly T[]): T;
}

/** Dice for a seed. */
export function createDice(seed: number): Dice {
  const next = seeded(seed);
  const roll = (below: number) => Math.floor(next() * below);
  return {
    roll,
    chance: (share) => next() < share,
    pick: (items) => {
      const item = items[roll(items.length)];
      if (item === undefined) throw new Error('Nothing to pick from.');
      return item;
    },
  };
}

/** Texts that have broken something somewhere. */
export const nastyTexts: readonly string[] = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\udfff\ud800',
  '\ufeff',
  '\u202e\u2066',
  '\u200b',
  'e' + '\u0301'.repeat(2_000),
  '😀👨‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿',
  '\r\nSet-Cookie: a=b',
  '../../../../etc/passwd',
  '..%2f..%2f',
  '%00',
  '%',
  '%zz',
  '{"$ne":null}',
  '[$gt]',
  "' OR 1=1 --",
  '"; DROP TABLE comments; --',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'null',
  'undefined',
  'NaN',
  '-1',
  '1e309',
  '0x10',
  '9007199254740993',
  '99999999999999999999',
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '[a](javascript:alert(1))',
  '`'.repeat(5_000),
  '*'.repeat(9_999),
  '['.repeat(5_000),
  '> '.repeat(4_000),
  '- '.repeat(4_000),
  '<b>'.repeat(3_000),
  '&'.repeat(9_000),
  'a'.repeat(10_001),
  'a'.repeat(40_000),
  '${jndi:ldap://x}',
  '{{7*7}}',
  'http://[::1',
  'https://user:pw@example.com/',
  'data:text/html,x',
];

/** Values of every type, for where another is expected. */
export function nastyValue(dice: Dice, depth = 0): unknown {
  const kind = dice.roll(depth > 3 ? 6 : 10);
  if (kind < 4) return dice.pick(nastyTexts);
  if (kind === 4) return dice.pick([0, -1, 1.5, 1e308, -0, Number.MAX_SAFE_INTEGER, 2 ** 60]);
  if (kind === 5) return dice.pick([null, true, false]);
  if (kind === 6) return Array.from({ length: dice.roll(4) }, () => nastyValue(dice, depth + 1));
  if (kind === 7) return { [dice.pick(nastyTexts).slice(0, 100)]: nastyValue(dice, depth + 1) };
  if (kind === 8) return { $ne: null, $where: 'sleep(1000)' };
  return nested(dice.roll(30));
}

const nested = (levels: number): unknown => (levels === 0 ? 1 : { a: nested(levels - 1) });

/** A text with some of its bytes turned over, taken out or doubled. */
export function mutate(dice: Dice, bytes: Buffer): Buffer {
  const copy = [...bytes];
  for (let i = 0; i <= dice.roll(4); i += 1) {
    const at = dice.roll(copy.length + 1);
    const act = dice.roll(3);
    if (act === 0) copy.splice(at, 1);
    else if (act === 1) copy.splice(at, 0, dice.roll(256));
    else copy[Math.min(at, Math.max(0, copy.length - 1))] = dice.roll(256);
  }
  return Buffer.from(copy);
}
