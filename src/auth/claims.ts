/** Seconds by which clocks may differ. */
export const leewaySeconds = 60;

/** What is wrong with a token's times, or null. All claims are seconds. */
export function mistakeInTimes(
  payload: Readonly<Record<string, unknown>>,
  now: number,
  longestSeconds: number,
): 'expired' | 'invalid' | null {
  const { exp, iat, nbf } = payload;
  if (!isTime(exp) || !isTime(iat) || (nbf !== undefined && !isTime(nbf))) return 'invalid';
  const nowSeconds = now / 1_000;
  if (exp <= iat || exp - iat > longestSeconds) return 'invalid';
  if (iat > nowSeconds + leewaySeconds) return 'invalid';
  if (nbf !== undefined && nbf > nowSeconds + leewaySeconds) return 'invalid';
  return exp + leewaySeconds <= nowSeconds ? 'expired' : null;
}

/** A text of 1 to `maxChars` characters, well-formed and without U+0000. */
export const isText = (value: unknown, maxChars: number): value is string =>
  typeof value === 'string' &&
  value.length > 0 &&
  value.length <= maxChars &&
  value.isWellFormed() &&
  !value.includes('\u0000');

/** A list of such texts; absent is none. */
export function readTexts(value: unknown, maxItems: number, maxChars: number): string[] | null {
  if (value === undefined) return [];
  if (!Array.isArray(value) || value.length > maxItems) return null;
  const texts = value.filter((item): item is string => isText(item, maxChars));
  return texts.length === value.length ? texts : null;
}

const isTime = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0;
