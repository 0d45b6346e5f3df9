import { deriveKey, weaknessOf } from '../../src/auth/secrets.js';
import { systemIds } from '../../src/domain/system.js';

describe('secrets', () => {
  it.each([
    '',
    '   ',
    'x',
    'a'.repeat(32),
    'abc'.repeat(20),
    '0123456789abcdef0123456789abcdef',
    'undefined',
    'undefinedundefinedundefinedundefined',
    'changeme',
    'changeme'.repeat(5),
    'change-me-change-me-change-me-change-me',
    'CHANGE_ME',
    'your-256-bit-secret',
    'a-string-secret-at-least-256-bits-long',
    'your-super-secret-jwt-token-with-at-least-32-characters-long',
    'keyboard cat',
    'thisisaverylongsecretkeyofatleast32characters',
    'qwertyuiopasdfghjklzxcvbnm123456',
    'short-but-random-8fK2',
  ])('SEC-24 finds %p too weak', (secret) => {
    expect(weaknessOf(secret)).toMatch(/^(is|repeats) /);
  });

  it('accepts what random generators make', () => {
    for (let i = 0; i < 1_000; i += 1) expect(weaknessOf(systemIds.token())).toBeNull();
    expect(
      weaknessOf('9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'),
    ).toBeNull();
    expect(weaknessOf('correct horse battery staple and forty-two more words')).toBeNull();
  });

  it('derives a key of its own for every purpose, always the same', () => {
    const secret = systemIds.token();
    expect(deriveKey(secret, 'access tokens')).toEqual(deriveKey(secret, 'access tokens'));
    expect(deriveKey(secret, 'access tokens')).not.toEqual(deriveKey(secret, 'access token ids'));
    expect(deriveKey(secret, 'access tokens')).toHaveLength(32);
  });
});

describe('random ids', () => {
  it('have the form that the port promises and do not repeat', () => {
    const tokens = Array.from({ length: 1_000 }, () => systemIds.token());
    expect(new Set(tokens).size).toBe(1_000);
    expect(tokens.every((token) => /^[\w-]{43}$/.test(token))).toBe(true);
    expect(systemIds.entropy()).toMatch(/^[0-9A-HJKMNP-TV-Z]{16}$/);
  });
});
