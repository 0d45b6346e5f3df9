/** Words by plural category (CLDR: one, few, many, other …); `other` is always there. */
export type Plural = Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> & {
  readonly other: string;
};

/** One language: every key a sentence with `{name}` places, or its plural forms for `{n}`. */
export type Messages<K extends string> = Readonly<Record<K, string | Plural>>;

/** Says a key in the reader's language. */
export type Say<K extends string> = (
  key: K,
  values?: Readonly<Record<string, string | number>>,
) => string;

/** Plural forms by `Intl.PluralRules` of `lang`, numbers by `Intl.NumberFormat`. */
export function createSay<K extends string>(messages: Messages<K>, lang: string): Say<K> {
  const rules = new Intl.PluralRules(lang);
  const numbers = new Intl.NumberFormat(lang);
  return (key, values = {}) => {
    const entry = messages[key];
    const text =
      typeof entry === 'string' ? entry : (entry[rules.select(Number(values.n))] ?? entry.other);
    return text.replace(/\{(\w+)\}/g, (place, name: string) => {
      const value = values[name];
      return typeof value === 'number' ? numbers.format(value) : (value ?? place);
    });
  };
}

/** The first of `wanted` that there is, exactly or by its language alone; else English. */
export function pickLanguage(
  wanted: readonly (string | null | undefined)[],
  available: readonly string[],
): string {
  for (const tag of wanted) {
    for (let part = tag?.trim(); part; part = part.replace(/-?[^-]*$/, '')) {
      const found = available.find((name) => name.toLowerCase() === part?.toLowerCase());
      if (found) return found;
    }
  }
  return 'en';
}
