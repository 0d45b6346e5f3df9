import { bundlePart, runPart } from './lib/processes.mjs';

export const benchmark = {
  id: 'T14',
  title: 'Render and sanitise 500 characters',
  units: { 'sanitize-html alone': 'µs', markdown: 'µs', 'plain text': 'µs' },
  goals: [
    { of: 'markdown', to: 'sanitize-html alone', most: 1.5 },
    { of: 'plain text', most: 10 },
  ],
  async prepare() {
    const part = await bundlePart('render.ts');
    return {
      measures: {
        'sanitize-html alone': async () => runPart(part).sanitize,
        markdown: async () => runPart(part).markdown,
        'plain text': async () => runPart(part).plain,
      },
    };
  },
};
