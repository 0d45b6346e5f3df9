/**
 * Replaces every character by the one it looks like, for text that is already in NFD after NFKC folding and in
 * lower case. A compact choice of the pairs of UTS 39 (confusables.txt): Cyrillic, Greek, Armenian, Cherokee and
 * others that resemble Latin letters and digits; `l`, `i`, `1` and `|` count as one, and so do `o` and `0`.
 */
export function foldLookAlikes(text: string): string {
  if (!foreign.test(text)) return text;
  let folded = '';
  for (const point of text) folded += table.get(point) ?? point;
  return folded;
}

// Latin target, then all that is drawn like it.
const lookAlikes: readonly (readonly [string, string])[] = [
  ['a', 'аɑαᴀ⍺ꭺᎪ𐊠'],
  ['b', 'ЬьƄвʙᏴᏏβϐꞵ'],
  ['c', 'сϲᴄⅽꮯᏟ𐐽'],
  ['d', 'ԁᏧꓒɗ'],
  ['e', 'еєҽεϵɛℯꬲᴇᎬ'],
  ['f', 'ғꞙẝϝꬵƒ'],
  ['g', 'ɡցɢԍᶃǥ'],
  ['h', 'һհнʜᏂԋ'],
  ['j', 'јϳᴊʝ'],
  ['k', 'кκᴋĸқҝϰ'],
  ['l', 'iı1|ӏіιƖɩǀ∣⏽|ɪlⅼ׀וןᎥꙇ˛ӀἰⲓⲒ￨ᛁⵏ'],
  ['m', ''],
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

const table: ReadonlyMap<string, string> = new Map([
  ...lookAlikes.flatMap(([latin, others]) =>
    [...others].map((other): [string, string] => [other, latin]),
  ),
  // One letter drawn as two.
  ['m', 'rn'],
  ['м', 'rn'],
  ['ᴍ', 'rn'],
  ['ⅿ', 'rn'],
]);

const foreign = /[^a-hjkln-z \t\n]/;
