import fc from 'fast-check';
import { DomainError } from '../../../src/domain/errors.js';
import { cleanLine, cleanName, cleanText, skeleton } from '../../../src/domain/text/unicode.js';

function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof DomainError)
      return [error.code, error.details.errors?.[0]?.path].join(' ').trim();
    throw error;
  }
  return 'accepted';
}

/** Texts of what the rules look at, in any order. */
const awkward = fc
  .array(
    fc.constantFrom(
      ...[
        'a',
        'é',
        'e',
        'क',
        '्',
        'ा',
        '़',
        'ه',
        'ب',
        '1',
        '#',
        ' ',
        '\n',
        '\r',
        '\t',
        '\u0301',
        '\u0323',
      ],
      ...[
        '\u0338',
        '>',
        '\u200c',
        '\u200d',
        '\ufe0f',
        '\ufe0e',
        '\u20e3',
        '👩',
        '❤',
        '🏽',
        '🇦',
        '🏴',
        '\u{e0067}',
      ],
      ...[
        '\u{e007f}',
        '\u202e',
        '\u2066',
        '\u061c',
        '\u200b',
        '\u034f',
        '\u00ad',
        '\ufb2c',
        '\u1100',
        '\u1161',
      ],
      ...[
        '\ud800',
        '\udc00',
        '\u0000',
        '\u0085',
        '\u2028',
        '\u037e',
        '\u0958',
        '\u{1d160}',
        '\ufff9',
        '\u3164',
      ],
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''));

describe('clean text', () => {
  test.each([
    ['makes NFC of it', 'e\u0301 \u212b', 'é Å'],
    ['has one kind of line end', 'a\r\nb\rc\u2028d\u2029e', 'a\nb\nc\nd\ne'],
    ['keeps tabs and drops controls', 'a\tb\u0007\u001b[1m\u0085\u009f\u007f', 'a\tb[1m'],
    ['drops bidi controls', 'a\u202eb\u202c\u2066c\u2069\u200e\u200f\u061c', 'abc'],
    ['drops ignorables', 'a\u200b\u2060\ufeff\u00ad\u034f\u180b\u3164\u{e0041}\u{e0100}b', 'ab'],
    ['drops joiners that nothing needs', 'a\u200db\u200cc \u200d', 'abc '],
    ['drops U+FE0F and tags that nothing needs', 'a\ufe0f1\ufe0f🏴\u{e0067}\u{e0062}', 'a1🏴'],
    ['drops lone surrogates', 'a\ud800b\udc00', 'ab'],
  ])('%s', (_, text, expected) => {
    expect(cleanText(text)).toBe(expected);
  });

  test('SEC-81: cuts combining marks to 4 a grapheme, joiners or not', () => {
    expect(cleanText(`z${'\u0335'.repeat(50)}a`)).toBe(`z${'\u0335'.repeat(4)}a`);
    expect(cleanText(`क${'\u0941\u200d'.repeat(50)}`)).toMatch(
      /^क(?:\u0941\u200d){3}\u0941\u200d?$/u,
    );
  });

  test.each([
    ['a family', '👨‍👩‍👧‍👦'],
    ['skin tones and genders', '🏃🏽‍♂️ 🤷🏿‍♀️'],
    ['hearts', '❤️ ❤️‍🔥'],
    ['flags', '🇦🇱 🏳️‍🌈 🏴‍☠️ 🏴󠁧󠁢󠁥󠁮󠁧󠁿 🏴󠁧󠁢󠁳󠁣󠁴󠁿'],
    ['keycaps', '#️⃣ 1️⃣'],
    ['Persian', 'می‌خواهم کتاب‌ها'],
    ['Arabic', 'السلام عليكم ١٤٤٥ه‍'],
    ['Hindi conjuncts', 'क्‍ष र्‍य श्रीमान्‌'],
    ['Bengali', 'র‌্যা ক্‍ ত্‍'],
    ['Sinhala', 'ශ්‍රී ලංකා'],
    ['Malayalam', 'അവന്‍ മലയാളം'],
    ['Thai', 'ที่นี่ น้ำ'],
    ['Hebrew with points', 'שָׁלוֹם'.normalize('NFC')],
    ['Vietnamese', 'Tiếng Việt'],
    ['Korean', '한국어'],
    ['Tibetan', 'བོད་སྐད'],
  ])('SEC-83: keeps %s as it is', (_, text) => {
    expect(cleanText(text)).toBe(text);
  });

  test('changes nothing the second time', () => {
    fc.assert(
      fc.property(awkward, (text) => {
        const clean = cleanText(text);
        expect(cleanText(clean)).toBe(clean);
        expect(clean).toBe(clean.normalize('NFC'));
        expect(clean).not.toMatch(/[\p{Surrogate}\p{Bidi_Control}\r\0]|\p{M}{5}/u);
      }),
      { numRuns: 3_000, verbose: 1 },
    );
  });

  test('takes no short cut past a character that needs cleaning', () => {
    for (let code = 0; code < 0x10000; code += 1) {
      const char = String.fromCharCode(code);
      const kept = cleanText(`a${char}b`);
      const dropped =
        /[\p{Cc}\p{Surrogate}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/u.test(
          char,
        );
      if (dropped && !'\t\n\r'.includes(char)) expect([code, kept]).toEqual([code, 'ab']);
      if (/\p{M}/u.test(char) && !dropped) {
        expect([code, cleanText(`x${char.repeat(9)}`).length < 9]).toEqual([code, true]);
      }
    }
  });
});

describe('a name', () => {
  test.each([
    ['  Ana \n  Hoxha ', 'Ana Hoxha'],
    ['A\u202ena\u200b', 'Ana'],
    ['Zo\u0065\u0308', 'Zoë'],
    ['<b>Ana</b> & "co"', '<b>Ana</b> & "co"'],
    ['A\u200dn\ufe0fa', 'Ana'],
    ['علی‌رضا', 'علیرضا'],
    ['👍🏽', '👍🏽'],
  ])('of %j is %j', (name, expected) => {
    expect(cleanName(name)).toBe(expected);
    expect(cleanName(expected)).toBe(expected);
  });

  test.each(['', ' \t', '\u200b\u2060', '\u202e', '\u3164', '\u2800', '\u0301'])(
    'is not %j, which nobody sees',
    (name) => {
      expect(refusal(() => cleanName(name, 'author.name'))).toBe('INVALID_INPUT author.name');
    },
  );

  test('has 1 to 40 graphemes', () => {
    expect(cleanName('n'.repeat(40))).toHaveLength(40);
    expect(refusal(() => cleanName('n'.repeat(41)))).toBe('INVALID_INPUT name');
    expect(refusal(() => cleanName('n'.repeat(1_000_000)))).toBe('INVALID_INPUT name');
    expect(cleanName('👍🏽'.repeat(40))).toHaveLength(160);
    expect(cleanName(`${'e\u0323\u0301'.repeat(40)}`)).toMatch(/^ẹ/u);
  });

  test('is refused as malformed with a lone surrogate or U+0000', () => {
    expect(refusal(() => cleanName('a\ud800'))).toBe('MALFORMED_TEXT');
    expect(refusal(() => cleanName('a\0'))).toBe('MALFORMED_TEXT');
  });

  test('comes out the same the second time', () => {
    fc.assert(
      fc.property(awkward, (text) => {
        let name: string;
        try {
          name = cleanName(text);
        } catch {
          return;
        }
        expect(cleanName(name)).toBe(name);
        expect(name).not.toMatch(/[\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\n\t]/u);
      }),
      { numRuns: 2_000, verbose: 1 },
    );
  });
});

test('a title is one clean line of any length, and may be empty', () => {
  expect(cleanLine(' A\n\ttitle \u202e<i>x</i>  ')).toBe('A title <i>x</i>');
  expect(cleanLine('کتاب‌ها')).toBe('کتاب‌ها');
  expect(cleanLine(' \u200b ')).toBe('');
  expect(refusal(() => cleanLine('\udc00'))).toBe('MALFORMED_TEXT');
});

describe('SEC-82: a skeleton', () => {
  test.each([
    ['Cyrillic', 'Аdmіn'],
    ['Greek', 'αdmιn'],
    ['full width', 'Ａｄｍｉｎ'],
    ['mathematical letters', '𝐀𝓭𝕞𝗶𝚗'],
    ['circled letters', 'Ⓐⓓⓜⓘⓝ'],
    ['zero width', 'Ad\u200bm\u2060in\ufeff'],
    ['bidi controls', 'A\u202ddmin'],
    ['capitals', 'ADMIN'],
    ['l, 1, | for i', 'admln'],
    ['rn for m', 'adrnin'],
    ['spaces around and inside', ' Admin '],
    ['small capitals', 'ᴀᴅᴍɪɴ'],
    ['dotless i', 'admın'],
  ])('sees through %s', (_, name) => {
    expect(skeleton(name)).toBe(skeleton('Admin'));
  });

  test.each([
    ['МОДЕРАТОР', 'модератор'],
    ['Ana  Hoxha', 'ana hoxha'],
    ['Sayso Tеаm', 'Sayso Team'],
    ['0pen', 'Open'],
    ['O’Brien', "O'Brien"],
    ['Jоѕе', 'Jose'],
    ['ΑΝΑ', 'ANA'],
    ['СССР', 'CCCP'],
  ])('of %j and %j is the same', (one, other) => {
    expect(skeleton(one)).toBe(skeleton(other));
  });

  test.each([
    ['Ana', 'Anna'],
    ['Endrit', 'Ëndrit'],
    ['Мария', 'Mapия2'],
    ['admin', 'admin2'],
    ['Bora', 'Dora'],
    ['日本', '日木'],
  ])('of %j and %j differs', (one, other) => {
    expect(skeleton(one)).not.toBe(skeleton(other));
  });

  test('of a skeleton is itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), (text) => {
        expect(skeleton(skeleton(text))).toBe(skeleton(text));
      }),
      { numRuns: 2_000, verbose: 1 },
    );
  });
});
