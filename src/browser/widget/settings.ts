import type { Sort } from '../../contract/comment.js';

/** What the element's attributes say, with every gap filled. */
export interface Settings {
  readonly site: string;
  readonly article: string;
  readonly title: string | undefined;
  /** The question of the empty state; undefined: the language's own. */
  readonly topic: string | undefined;
  readonly lang: string | undefined;
  readonly theme: Theme;
  readonly sort: Sort;
  /** Names the storage, so that two elements of one page can be two people. */
  readonly profile: string;
  readonly token: string | undefined;
  /** Address of the house rules. */
  readonly rules: string | undefined;
  readonly headingLevel: number;
  /** Tells this box from others on the page, for whoever goes by landmarks. */
  readonly label: string | undefined;
}

/** How the box is coloured: as the page around it, or pinned. */
export type Theme = (typeof themes)[number];

const themes = ['auto', 'light', 'dark', 'transparent'] as const;
const sorts = ['newest', 'oldest', 'top', 'replies'] as const;

/** Reads the attributes; an unknown value falls back and is told to `warn`. `page` is its address. */
export function readSettings(
  attribute: (name: string) => string | null,
  page: string,
  warn: (message: string) => void,
): Settings {
  const text = (name: string) => attribute(name)?.trim() || undefined;
  const one = <T extends string>(name: string, all: readonly T[], fallback: T): T => {
    const value = text(name);
    const found = all.find((known) => known === value);
    if (value && !found) warn(`${name}="${value}" is unknown; using "${fallback}"`);
    return found ?? fallback;
  };
  const level = Number(one('heading-level', ['2', '3', '4', '5', '6'], '2'));
  return {
    site: text('site') ?? '',
    article: text('article') ?? pageId(page),
    title: text('title'),
    topic: text('topic'),
    lang: text('lang'),
    theme: one('theme', themes, 'auto'),
    sort: one('sort', sorts, 'newest'),
    profile: text('profile') ?? '',
    token: text('token'),
    rules: text('rules'),
    headingLevel: level,
    label: text('label'),
  };
}

/** The page's own address without query and fragment, cut to what an id may have. */
function pageId(href: string): string {
  const url = URL.canParse(href) ? new URL(href) : undefined;
  return url ? (url.origin + url.pathname).slice(0, 200) : href.slice(0, 200);
}
