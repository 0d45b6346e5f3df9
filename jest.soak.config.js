import { shared } from './jest.config.js';

/** Runs of minutes: `npm run soak:drops`, `npm run soak:malformed`. */
export default {
  ...shared,
  testMatch: ['<rootDir>/test/soak/{drops,malformed}.ts'],
  testTimeout: 1_800_000,
  maxWorkers: 1,
  verbose: true,
};
