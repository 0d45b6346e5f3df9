import createMarkdownIt, { type MarkdownIt } from 'markdown-it';

/** HTML of a comment in Markdown, not sanitised yet: raw HTML is escaped, and a line end is a line break. */
export function renderMarkdown(source: string): string {
  return markdown.render(source);
}

/** A bare address in a text: from `start` up to `end`, leading to `url`. */
export interface FoundLink {
  readonly start: number;
  readonly end: number;
  readonly url: string;
}

/** The bare addresses of a text that become links, in order: with http, https or mailto in front, or `www.`. */
export function findLinks(text: string): readonly FoundLink[] {
  if (!mayHoldLink.test(text)) return [];
  const matches = markdown.linkify.match(text) ?? [];
  return matches.map((match) => ({ start: match.index, end: match.lastIndex, url: match.url }));
}

const mayHoldLink = /:\/\/|www\.|mailto:/i;

const markdown = createMarkdown();

function createMarkdown(): MarkdownIt {
  const created = createMarkdownIt('zero', {
    html: false,
    breaks: true,
    linkify: true,
    maxNesting: 40,
  });
  created.enable([
    'emphasis',
    'strikethrough',
    'backticks',
    'fence',
    'blockquote',
    'list',
    'link',
    'autolink',
    'linkify',
    'newline',
    'escape',
    'entity',
  ]);
  // Which addresses are links is decided in one place, `safeHref`, behind the sanitiser.
  created.validateLink = () => true;
  created.normalizeLink = (url) => url;
  created.normalizeLinkText = (url) => url;
  addWww(created);
  return created;
}

/** No `example.com` and no bare e-mail: they are typing slips or private more often than links. */
function addWww({ linkify }: MarkdownIt): void {
  linkify.set({ fuzzyLink: false, fuzzyEmail: false });
  linkify.add('ftp:', null).add('//', null);
  linkify.add('www.', {
    validate: (text, pos, self) => {
      const host = self.re.get_relative_proto_validator();
      host.lastIndex = pos - 'www.'.length;
      const match = host.exec(text);
      return match === null ? 0 : match[0].length - 'www.'.length;
    },
    normalize: (match) => {
      match.url = `http://${match.url}`;
    },
  });
}
