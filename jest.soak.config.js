import { shared } from './jest.config.js';

/** Runs of minutes: `npm run soak`, or one of them by name. */
export default {
  ...shared,
  testMatch: ['<rootDir>/test/soak/**/*.ts'],
  testTimeout: 1_800_000,
  maxWorkers: 1,
  verbose: true,
};
