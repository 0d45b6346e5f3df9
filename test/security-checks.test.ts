import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..');
const list = readFileSync(join(root, 'docs', 'security-checks.md'), 'utf8');
const number = /\b(?:SEC|REL|SUP)-\d+\b/g;
const listed = [...list.matchAll(/^- \*\*((?:SEC|REL|SUP)-\d+)\*\* \S/gm)].map(
  ([, id]) => id ?? '',
);

/** The numbers in titles: texts that follow `it(`, `test(`, `describe(` or the table of an `each`. */
function numbersInTitles(): ReadonlySet<string> {
  const files = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' });
  const titles = files
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => [
      ...readFileSync(join(root, 'test', name), 'utf8').matchAll(
        /(?:\b(?:it|test|describe)(?:\.each)?|\))\(\s*(['`])((?:SEC|REL|SUP)-.*?)\1/g,
      ),
    ]);
  return new Set(titles.flatMap(([, , title]) => title?.match(number) ?? []));
}

describe('the list of checks', () => {
  it('has each number once, in order within its kind', () => {
    for (const kind of ['SEC', 'REL', 'SUP']) {
      const numbers = listed
        .filter((id) => id.startsWith(kind))
        .map((id) => Number(id.slice(kind.length + 1)));
      expect(numbers.length).toBeGreaterThan(0);
      expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
    }
  });

  it('SUP-8 holds the numbers that titles of tests name, and no others', () => {
    expect([...numbersInTitles()].toSorted()).toEqual(listed.toSorted());
  });
});
