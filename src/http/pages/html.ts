/** Text as it may stand between tags and in quoted attributes. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);

/** A whole page: no inline script or style. `head` and `body` are markup made by us. */
export const htmlPage = (page: {
  readonly title: string;
  readonly head?: string;
  readonly body: string;
}): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(page.title)}</title>
${page.head ?? ''}</head>
<body>
${page.body}
</body>
</html>
`;
