// Microseconds to find out who sends a token: seen for the first time, seen before, a publisher's.
import { createHmac, createSecretKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { createAccessTokens } from '../../src/auth/access-tokens.js';
import { createSsoTokens } from '../../src/auth/sso.js';
import { systemClock } from '../../src/domain/system.js';
import { newSite } from '../../src/domain/site.js';

const rounds = 5_000;
const tokens = createAccessTokens({
  secret: randomBytes(32).toString('hex'),
  issuer: 'https://talk.example',
  clock: systemClock,
});
const issue = (n: number): string =>
  tokens.issue({
    site: 'bench',
    personId: `01JD3R5T0000000000${n}`,
    sessionId: `01JD3R5T1111111111${n}`,
    kind: 'member',
    name: 'Ada Lovelace',
    badges: [],
    moderator: false,
  }).token;
const issued = Array.from({ length: rounds * 2 }, (_, n) => issue(n));

const pair = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const pem = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();
const issuer = 'https://news.example';
const site = {
  ...newSite('bench'),
  sso: { issuer, keys: [{ kid: null, algorithm: 'RS256' as const, key: pem }], roles: false },
};
const now = Math.floor(Date.now() / 1_000);
const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const signed = `${encode({ alg: 'RS256', typ: 'sso+jwt' })}.${encode({
  iss: issuer,
  aud: 'bench',
  sub: 'reader-1',
  name: 'Ada Lovelace',
  iat: now,
  exp: now + 3_600,
})}`;
const rs256 = `${signed}.${sign('sha256', Buffer.from(signed), pair.privateKey).toString('base64url')}`;
const sso = createSsoTokens({ clock: systemClock });

const key = createSecretKey(randomBytes(32));
const text = issued[0] ?? '';

function time(work: (i: number) => unknown): number {
  for (let i = 0; i < rounds; i += 1) work(i);
  const began = performance.now();
  for (let i = rounds; i < rounds * 2; i += 1) work(i);
  return ((performance.now() - began) * 1_000) / rounds;
}

console.log(
  JSON.stringify({
    hmac: time(() => createHmac('sha256', key).update(text).digest()),
    hs256: time((i) => tokens.verify(issued[i] ?? '')),
    cached: time(() => tokens.verify(issued.at(-1) ?? '')),
    rs256: time(() => sso.verify(site, rs256)),
  }),
);
