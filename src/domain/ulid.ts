/** Crockford's base32, the alphabet of ULIDs. Source: github.com/ulid/spec. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Characters of the random part of a ULID: 80 bits. */
const entropyChars = 16;

/** Turns random bytes (16, of which 5 bits each are used) into the random part of a ULID. */
export const toEntropy = (bytes: Uint8Array): string =>
  Array.from(bytes.subarray(0, entropyChars), (byte) => alphabet.charAt(byte & 31)).join('');

/** The ULID of a time (epoch ms) and 16 random characters. */
export function ulidAt(atMs: number, entropy: string): string {
  let rest = atMs;
  let time = '';
  for (let i = 0; i < 10; i += 1) {
    time = alphabet.charAt(rest % 32) + time;
    rest = Math.floor(rest / 32);
  }
  return time + entropy;
}

/** A ULID of `atMs` that is above `last`, so that ids rise even within one millisecond. */
export function ulidAfter(last: string, atMs: number, entropy: string): string {
  const ulid = ulidAt(atMs, entropy);
  return ulid > last ? ulid : increment(last);
}

/** The time (epoch ms) that a ULID carries. */
export const ulidTime = (ulid: string): number =>
  Array.from(ulid.slice(0, 10)).reduce((ms, char) => ms * 32 + alphabet.indexOf(char), 0);

function increment(ulid: string): string {
  const last = alphabet.length - 1;
  let i = ulid.length - 1;
  while (i >= 0 && alphabet.indexOf(ulid.charAt(i)) === last) i -= 1;
  const digit = alphabet.charAt(alphabet.indexOf(ulid.charAt(i)) + 1);
  return ulid.slice(0, i) + digit + '0'.repeat(ulid.length - 1 - i);
}
