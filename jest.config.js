const swc = (parser) => [
  '@swc/jest',
  {
    swcrc: false,
    sourceMaps: 'inline',
    jsc: {
      target: 'es2023',
      parser,
      transform: { react: { runtime: 'automatic', importSource: 'preact' } },
    },
  },
];

/** What both suites share: TypeScript and the few ES-module-only packages through swc. */
export const shared = {
  testEnvironment: 'node',
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transformIgnorePatterns: [],
  transform: {
    '\\.tsx?$': swc({ syntax: 'typescript', tsx: true }),
    '/node_modules/(htmlparser2|entities|domhandler|domutils|dom-serializer|domelementtype)/.+\\.js$':
      swc({ syntax: 'ecmascript' }),
  },
};

export default {
  ...shared,
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/browser/chromium/'],
};
