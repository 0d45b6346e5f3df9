import { DomainError } from '../../../src/domain/errors.js';
import { checks } from '../../../src/domain/screening/checks.js';
import {
  hold,
  pass,
  refuse,
  screen,
  type Subject,
} from '../../../src/domain/screening/screening.js';
import { newSite } from '../../../src/domain/site.js';
import { renderText } from '../../../src/domain/text/render.js';

interface Given extends Partial<Omit<Subject, 'history'>> {
  readonly history?: Partial<Subject['history']>;
}

/** A first comment of a guest where everything is published at once, unless said otherwise. */
function aSubject({
  source = 'What a good article, thank you.',
  history,
  ...given
}: Given = {}): Subject {
  const { html, text } = renderText(source, 'markdown');
  return {
    ...{ source, html, text, site: newSite('site'), mode: 'open' },
    author: { id: 'ana', name: 'Ana', kind: 'guest', badges: [] },
    history: { approved: 0, sameByAuthor: 0, sameOnSite: 0, ...history },
    ...given,
  };
}

/** Rules that hold the text, or `refused: rule`. */
function verdict(given: Given): string {
  try {
    const reasons = screen(checks, aSubject(given));
    for (const { message } of reasons) expect(message).not.toBe('');
    return reasons.map(({ rule }) => rule).join(' ') || 'published';
  } catch (error) {
    if (error instanceof DomainError && error.code === 'REFUSED')
      return `refused: ${error.details.rule ?? ''}`;
    throw error;
  }
}

const known = { approved: 3 };
const links = (count: number) => 'https://a.test/x '.repeat(count);

describe('screening', () => {
  test('publishes what no check speaks against', () => {
    expect(screen([() => pass, () => pass], aSubject())).toEqual([]);
  });

  test('adds up holds in the order of the checks', () => {
    expect(
      screen([() => hold('one', 'a'), () => pass, () => hold('two', 'b')], aSubject()),
    ).toEqual([
      { rule: 'one', message: 'a' },
      { rule: 'two', message: 'b' },
    ]);
  });

  test('ends with the first refusal, which names its rule', () => {
    let asked = false;
    const later = () => {
      asked = true;
      return pass;
    };
    const run = () => screen([() => hold('one', 'a'), () => refuse('two', 'b'), later], aSubject());
    expect(run).toThrow(new DomainError('REFUSED', { detail: 'b', rule: 'two' }));
    expect(asked).toBe(false);
  });
});

describe('premoderation', () => {
  test('publishes everything in mode open', () => {
    expect(verdict({ source: links(9) })).toBe('published');
  });

  test('holds everything in mode all', () => {
    expect(verdict({ mode: 'all', history: known })).toBe('premoderation');
  });

  test('holds the first comments of an author in mode first, as many as the site says', () => {
    expect(verdict({ mode: 'first', history: { approved: 2 } })).toBe('premoderation');
    expect(verdict({ mode: 'first', history: { approved: 3 } })).toBe('published');
    const site = { ...newSite('site'), knownAfter: 1 };
    expect(verdict({ mode: 'first', site, history: { approved: 1 } })).toBe('published');
  });
});

describe('links', () => {
  test.each([
    [0, 'published'],
    [1, 'links'],
    [2, 'links'],
    [3, 'refused: links'],
  ])('of a new author: %d are %s', (count, expected) => {
    expect(verdict({ mode: 'links', source: `x ${links(count)}` })).toBe(expected);
  });

  test.each([
    [5, 'published'],
    [6, 'links'],
    [60, 'links'],
  ])('of a known author: %d are %s', (count, expected) => {
    expect(verdict({ mode: 'links', source: links(count), history: known })).toBe(expected);
  });

  test('of a new author add to what else holds the comment', () => {
    expect(verdict({ mode: 'first', source: links(1) })).toBe('links premoderation');
    expect(verdict({ mode: 'all', source: links(1) })).toBe('links premoderation');
  });
});

describe('duplicates', () => {
  test('of the same person are refused', () => {
    expect(verdict({ history: { sameByAuthor: 1, sameOnSite: 1 } })).toBe('refused: duplicate');
  });

  test('of others are held from the fourth on', () => {
    expect(verdict({ history: { sameOnSite: 2 } })).toBe('published');
    expect(verdict({ history: { sameOnSite: 3 } })).toBe('duplicate');
  });

  test('of others pass where they are short', () => {
    expect(verdict({ source: 'Thank you!', history: { sameOnSite: 50 } })).toBe('published');
    expect(verdict({ source: 'Thank you!', history: { sameByAuthor: 1 } })).toBe(
      'refused: duplicate',
    );
  });
});

test('a comment of more than 200 lines is held', () => {
  expect(verdict({ source: 'a\n'.repeat(200) })).toBe('published');
  expect(verdict({ source: 'a\n'.repeat(201) })).toBe('form');
  expect(verdict({ source: '- a\n'.repeat(201) })).toBe('form');
});

test('staff meet the form only', () => {
  const author = { id: 'ed', name: 'Ed', kind: 'moderator', badges: [] } as const;
  const history = { sameByAuthor: 1, sameOnSite: 9 };
  expect(verdict({ author, mode: 'all', source: links(9), history })).toBe('published');
  expect(verdict({ author, source: 'a\n'.repeat(201) })).toBe('form');
});
