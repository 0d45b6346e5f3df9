import { readSettings } from '../../../src/browser/widget/settings.js';

const read = (attributes: Readonly<Record<string, string>>) => {
  const warnings: string[] = [];
  const settings = readSettings(
    (name) => attributes[name] ?? null,
    'https://news.example/story?from=x#top',
    (warning) => warnings.push(warning),
  );
  return { settings, warnings };
};

describe('readSettings', () => {
  it('fills every gap', () => {
    const { settings, warnings } = read({ site: 'demo' });
    expect(settings).toMatchObject({
      site: 'demo',
      article: 'https://news.example/story',
      theme: 'auto',
      sort: 'newest',
      profile: '',
      headingLevel: 2,
    });
    expect(warnings).toEqual([]);
  });

  it('falls back on what is unknown and warns once for each', () => {
    const { settings, warnings } = read({ theme: 'pink', sort: 'random', 'heading-level': '9' });
    expect(settings).toMatchObject({ theme: 'auto', sort: 'newest', headingLevel: 2 });
    expect(warnings).toEqual([
      'heading-level="9" is unknown; using "2"',
      'theme="pink" is unknown; using "auto"',
      'sort="random" is unknown; using "newest"',
    ]);
  });
});
