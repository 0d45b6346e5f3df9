import { hkdfSync } from 'node:crypto';

/** Bytes (UTF-8) below which a secret is refused. */
const minSecretBytes = 32;

/** What a derived key is for; a key of one purpose is useless for another. */
type Purpose = 'access tokens' | 'access token ids';

/**
 * Why a secret is not good enough to start with, or null. Length, words that sample files are
 * full of, and texts that repeat themselves.
 */
export function weaknessOf(secret: string): string | null {
  const text = secret.trim();
  if (text === '') return 'is empty';
  const letters = text.toLowerCase().replace(/[^a-z0-9]/g, '');
  if (samples.some((sample) => isMadeOf(letters, sample))) return 'is a well-known sample value';
  if (Buffer.byteLength(secret) < minSecretBytes) return `is shorter than ${minSecretBytes} bytes`;
  if (new Set(text).size < 8) return 'repeats a few characters';
  if (hasPeriod(text)) return 'repeats itself';
  return null;
}

/** 32 bytes for one purpose. Source: RFC 5869, the purpose as `info`. */
export const deriveKey = (secret: string, purpose: Purpose): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, 'sayso', purpose, 32));

/** Values that examples, tutorials and programming mistakes leave behind, without punctuation. */
const samples = [
  'undefined',
  'null',
  'nan',
  'none',
  'true',
  'false',
  'objectobject',
  'changeme',
  'changethis',
  'changeit',
  'replaceme',
  'replacethis',
  'secret',
  'supersecret',
  'topsecret',
  'mysecret',
  'jwtsecret',
  'sessionsecret',
  'saysosecret',
  'yoursecret',
  'yoursecretkey',
  'yoursecrethere',
  'yourverylongandsecurerandomsecret',
  'yourverysecuresecretkeythatisatleast32characterslong',
  'yoursupersecretjwttokenwithatleast32characterslong',
  'your256bitsecret',
  'your384bitsecret',
  'your512bitsecret',
  'astringsecretatleast256bitslong',
  'thisisasecret',
  'thisisasecretkey',
  'thisisaverylongsecretkeyofatleast32characters',
  'averylongsecretkeyofatleast32characters',
  'complexpasswordatleast32characterslong',
  'keyboardcat',
  'password',
  'passw0rd',
  'letmein',
  'example',
  'sample',
  'test',
  'testsecret',
  'default',
  'development',
  'production',
  'admin',
  'qwerty',
  'qwertyuiopasdfghjklzxcvbnm',
  'qwertyuiopasdfghjklzxcvbnm123456',
  'abcdefghijklmnopqrstuvwxyz',
  'abcdefghijklmnopqrstuvwxyz123456',
  'abcdefghijklmnopqrstuvwxyz0123456789',
  'abcdefghijklmnopqrstuvwxyzabcdef',
  '0123456789abcdef',
  '0123456789',
  '1234567890',
  '12345678901234567890123456789012',
  'deadbeef',
];

/** The sample itself, repeated to fill the length, or padded with digits. */
function isMadeOf(letters: string, sample: string): boolean {
  if (letters === sample) return true;
  const rest = letters.replaceAll(sample, '');
  return rest.length < letters.length && (rest === '' || /^[0-9]{1,8}$/.test(rest));
}

/** Whether a text of some length is a shorter one, three times or more. */
function hasPeriod(text: string): boolean {
  for (let size = 1; size * 3 <= text.length; size += 1) {
    if (
      text ===
      text
        .slice(0, size)
        .repeat(Math.ceil(text.length / size))
        .slice(0, text.length)
    ) {
      return true;
    }
  }
  return false;
}
