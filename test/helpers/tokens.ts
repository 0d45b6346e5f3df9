import { createHmac, generateKeyPairSync, sign as signBytes, type KeyObject } from 'node:crypto';

const encode = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** What signs a token in tests: a secret for HS…, a private key for the others. */
export type TestKey = string | Buffer | KeyObject;

/** Puts a token together as asked, valid or not: `alg` of the header decides how it is signed. */
export function signToken(header: object, payload: unknown, key: TestKey): string {
  const signed = `${encode(header)}.${encode(payload)}`;
  const alg = 'alg' in header ? String(header.alg) : 'none';
  return `${signed}.${signatureOf(alg, signed, key).toString('base64url')}`;
}

/** RSA 2048, P-256 and Ed25519, made once: making RSA keys is slow. */
export const testKeys = {
  rsa: generateKeyPairSync('rsa', { modulusLength: 2_048 }),
  ec: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  ed: generateKeyPairSync('ed25519'),
};

/** A public key as publishers enter it. */
export const toPem = (key: KeyObject): string =>
  key.export({ type: 'spki', format: 'pem' }) as string;

function signatureOf(alg: string, signed: string, key: TestKey): Buffer {
  const data = Buffer.from(signed);
  if (alg.startsWith('HS')) {
    const secret = typeof key === 'string' || Buffer.isBuffer(key) ? key : key.export();
    return createHmac(`sha${alg.slice(2)}`, secret)
      .update(data)
      .digest();
  }
  if (alg === 'none' || typeof key === 'string' || Buffer.isBuffer(key)) return Buffer.from('none');
  if (alg === 'EdDSA') return signBytes(null, data, key);
  return signBytes(`sha${alg.slice(2)}`, data, { key, dsaEncoding: 'ieee-p1363' });
}
