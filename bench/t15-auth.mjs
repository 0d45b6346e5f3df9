import { bundlePart, runPart } from './lib/processes.mjs';

export const benchmark = {
  id: 'T15',
  title: 'Auth check of a request',
  units: { 'HMAC alone': 'µs', HS256: 'µs', cached: 'µs', RS256: 'µs' },
  goals: [
    { of: 'HS256', most: 30 },
    { of: 'cached', most: 8 },
    { of: 'RS256', most: 65 },
  ],
  async prepare() {
    const part = await bundlePart('auth.ts');
    return {
      measures: {
        'HMAC alone': async () => runPart(part).hmac,
        HS256: async () => runPart(part).hs256,
        cached: async () => runPart(part).cached,
        RS256: async () => runPart(part).rs256,
      },
    };
  },
};
