import { en } from '../../../src/browser/locales/en.js';
import { sq } from '../../../src/browser/locales/sq.js';
import { createSay, pickLanguage, type Plural } from '../../../src/browser/shared/i18n.js';

const locales: Readonly<Record<string, Readonly<Record<string, string | Plural>>>> = { en, sq };
const placesOf = (entry: string | Plural): readonly string[] => {
  const texts = typeof entry === 'string' ? [entry] : Object.values(entry);
  return [...new Set(texts.flatMap((text) => [...String(text).matchAll(/\{(\w+)\}/g)].map((m) => m[1]!)))].sort(); // prettier-ignore
};

describe.each(Object.keys(locales))('the language %s', (lang) => {
  const messages = locales[lang]!;

  it('has every key and no other', () => {
    expect(Object.keys(messages).sort()).toEqual(Object.keys(en).sort());
  });

  it('has the places of every sentence, and all plural categories of the language', () => {
    const categories = new Intl.PluralRules(lang).resolvedOptions().pluralCategories;
    for (const [key, entry] of Object.entries(messages)) {
      expect([key, placesOf(entry)]).toEqual([key, placesOf(en[key as keyof typeof en])]);
      if (typeof en[key as keyof typeof en] === 'string') expect(typeof entry).toBe('string');
      else expect(Object.keys(entry).sort()).toEqual([...categories].sort());
    }
  });

  it('has no sentence that is empty or more than twice as long as the English one', () => {
    for (const [key, entry] of Object.entries(messages)) {
      const length = (value: string | Plural) => (typeof value === 'string' ? value : value.other).length; // prettier-ignore
      expect([key, length(entry) > 0]).toEqual([key, true]);
      const most = Math.max(20, 2 * length(en[key as keyof typeof en]));
      expect([key, length(entry) <= most]).toEqual([key, true]);
    }
  });
});

describe('createSay', () => {
  it('chooses the plural form and writes numbers as the language does', () => {
    const english = createSay(en, 'en');
    expect(english('comments', { n: 1 })).toBe('1 comment');
    expect(english('comments', { n: 0 })).toBe('0 comments');
    expect(english('comments', { n: 12_345 })).toBe('12,345 comments');
    expect(createSay(sq, 'sq')('newComments', { n: 2 })).toBe('2 komente të reja');
  });

  it('puts names in as they are, even those that look like a place', () => {
    expect(createSay(en, 'en')('firstFrom', { name: '{name} $& $1' })).toBe(
      'First comment, from {name} $& $1',
    );
  });
});

describe('pickLanguage', () => {
  it('takes the first that there is, by its language if not exactly, else English', () => {
    const available = ['en', 'sq'];
    expect(pickLanguage([undefined, 'sq-AL', 'en'], available)).toBe('sq');
    expect(pickLanguage(['SQ'], available)).toBe('sq');
    expect(pickLanguage(['fr', null, 'en-GB'], available)).toBe('en');
    expect(pickLanguage([], available)).toBe('en');
  });
});
