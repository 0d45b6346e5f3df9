/** An element of a comment's HTML. */
export interface StrictElement {
  readonly tag: string;
  readonly href: string | null;
  readonly children: readonly StrictNode[];
}

/** An element, or a text with its entities undone. */
export type StrictNode = StrictElement | string;

const inline = 'a b strong i em s del code'.split(' ');
const flow = 'p blockquote pre ul ol'.split(' ');
const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"' };
const token =
  /<br>|<(?<open>[a-z]+)>|<a href="(?<href>[^"<>]*)" rel="nofollow ugc noopener noreferrer" target="_blank">|<\/(?<close>[a-z]+)>|(?<text>[^<>]+)/y;

/**
 * The tree of HTML that is in the grammar of `src/domain/text/sanitize.ts`; throws with the reason where it is not.
 * Written from the grammar, apart from the code under test.
 */
export function parseStrict(html: string): readonly StrictNode[] {
  const root: StrictNode[] = [];
  const stack: { tag: string; children: StrictNode[] }[] = [{ tag: '', children: root }];
  const fail = (why: string, at: number) => {
    throw new Error(`${why} at ${String(at)} of ${JSON.stringify(html)}`);
  };
  for (let at = 0; at < html.length; at = token.lastIndex) {
    token.lastIndex = at;
    const match = token.exec(html);
    if (match === null) return fail('Off the grammar', at);
    const { open, href, close, text } = match.groups!;
    const top = stack.at(-1)!;
    if (text !== undefined) {
      if (typeof top.children.at(-1) === 'string') fail('Two texts in a row', at);
      top.children.push(decode(text, () => fail('A foreign entity', at)));
    } else if (close !== undefined) {
      if (stack.length === 1 || close !== top.tag) fail(`An end tag of ${close} in ${top.tag}`, at);
      if (top.children.length === 0) fail(`An empty ${close}`, at);
      stack.pop();
    } else {
      const tag = open ?? (href === undefined ? 'br' : 'a');
      if (open === 'a') fail('A link without address', at);
      checkPlace(
        tag,
        stack.slice(1).map((element) => element.tag),
        (why) => fail(why, at),
      );
      const children: StrictNode[] = [];
      top.children.push({
        tag,
        href: href === undefined ? null : decode(href, () => fail('A foreign entity', at)),
        children,
      });
      if (tag !== 'br') stack.push({ tag, children });
    }
    if (
      ['ul', 'ol'].includes(stack.at(-1)!.tag) &&
      typeof stack.at(-1)!.children.at(-1) === 'string'
    ) {
      fail('Text in a list', at);
    }
  }
  if (stack.length > 1) fail(`${stack.at(-1)!.tag} is left open`, html.length);
  return root;
}

/** All elements of a tree, in document order. */
export function elementsOf(nodes: readonly StrictNode[]): readonly StrictElement[] {
  return nodes.flatMap((node) =>
    typeof node === 'string' ? [] : [node, ...elementsOf(node.children)],
  );
}

function checkPlace(tag: string, around: readonly string[], fail: (why: string) => void): void {
  const parent = around.at(-1);
  const inList = parent === 'ul' || parent === 'ol';
  if (around.length >= 12) fail('More than 12 elements open');
  if ((tag === 'li') !== inList) fail(`${tag} in ${parent ?? 'the root'}`);
  if (tag === 'li' || tag === 'br' || inline.includes(tag)) {
    if (tag === 'a' && around.includes('a')) fail('A link in a link');
  } else if (!flow.includes(tag)) {
    fail(`The element ${tag}`);
  } else if (around.includes('p') || around.includes('pre')) {
    fail(`${tag} in a p or pre`);
  }
}

function decode(escaped: string, fail: () => void): string {
  return escaped.replace(/&([a-z]*;?)/g, (_, name: string) => {
    const found = entities[name.replace(';', '')];
    if (found === undefined || !name.endsWith(';')) fail();
    return found ?? '';
  });
}
