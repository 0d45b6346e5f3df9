/**
 * Replaces every letter by the Latin one (or sign) it looks like, in lower case; expects text in NFKD. A compact choice
 * of the pairs of UTS 39 (confusables.txt): Cyrillic, Greek, Armenian, Cherokee and others that resemble Latin letters
 * and digits. `l`, `i`, `1` and `|` count as one, and so do `o` and `0`.
 */
export function foldLookAlikes(text: string): string {
  let lower = text;
  if (capital.test(text)) lower = [...text].map((point) => capitals.get(point) ?? point).join('');
  lower = lower.toLowerCase().normalize('NFD');
  if (!foreign.test(lower)) return lower;
  return [...lower].map((point) => smallLetters.get(point) ?? point).join('');
}

// Capitals that look like another letter than their small forms do: Η is like H, η like n.
const capitalPairs: readonly (readonly [string, string])[] = [
  ['abezhikmnoptyx', 'ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ'],
  ['abesijkmhopctyxvy', 'АВЕЅІЈКМНОРСТУХѴҮ'],
  ['qwl', 'ԚԜӀ'],
];

// Latin target, then all that is drawn like it.
const lookAlikes: readonly (readonly [string, string])[] = [
  ['a', 'аɑαᴀ⍺ꭺᎪ𐊠'],
  ['b', 'ЬьƄвʙᏴᏏβϐꞵ'],
  ['c', 'сϲᴄⅽꮯᏟ𐐽'],
  ['d', 'ԁᏧꓒɗᴅ'],
  ['e', 'еєҽεϵɛℯꬲᴇᎬ'],
  ['f', 'ғꞙẝϝꬵƒ'],
  ['g', 'ɡցɢԍᶃǥ'],
  ['h', 'һհнʜᏂԋ'],
  ['j', 'јϳᴊʝ'],
  ['k', 'кκᴋĸқҝϰ'],
  ['l', 'iı1|ӏіιƖɩǀ∣⏽|ɪlⅼ׀וןᎥꙇ˛ӀἰⲓⲒ￨ᛁⵏ'],
  ['n', 'ոռɴηпᴨ'],
  ['o', '0оοσօ๐໐০੦૦௦౦೦൦ᴏᴑօهסဝ၀ഠዐⲟ𐐬○〇ዕϙөθ'],
  ['p', 'рρϱᴘⲣ'],
  ['q', 'ԛզգ'],
  ['r', 'гᴦⲅʀɾꭇꭈ'],
  ['s', 'ѕꜱʂꮪ𐑈'],
  ['t', 'тτᴛ'],
  ['u', 'υսᴜʋꞟꭎꭒ'],
  ['v', 'ѵνᴠⅴטꮩ'],
  ['w', 'ѡաԝωᴡꮃ'],
  ['x', 'хχⅹ×ᕁᕽ᙮⤫⤬⨯'],
  ['y', 'уүγʏყꭚɏ'],
  ['z', 'ᴢꮓʐ'],
  ['-', '‐‑‒–—−﹘۔⁃˗➖ⲻ―'],
  ["'", '’‘‛′`´ʼʹʻʽˈˊˋ՚׳ߴꞌ'],
  ['.', '․܁܂۰٠ꓸ'],
  [',', '‚¸؍٫ꓹ'],
  ['_', 'ߺ﹍﹎﹏'],
  [':', '։ः׃ː꞉∶'],
];

const capitals: ReadonlyMap<string, string> = new Map(
  capitalPairs.flatMap(([latin, others]) =>
    [...others].map((other, index): [string, string] => [other, latin.charAt(index)]),
  ),
);
const capital = /[\u0370-\u052f]/;

const smallLetters: ReadonlyMap<string, string> = new Map([
  ...lookAlikes.flatMap(([latin, others]) =>
    [...others].map((other): [string, string] => [other, latin]),
  ),
  // One letter drawn as two.
  ['m', 'rn'],
  ['μ', 'u'],
  ['м', 'rn'],
  ['ᴍ', 'rn'],
  ['ⅿ', 'rn'],
]);

const foreign = /[^a-hjkln-z \t\n]/;
