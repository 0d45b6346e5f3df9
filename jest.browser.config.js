import { shared } from './jest.config.js';

export default {
  ...shared,
  testMatch: ['<rootDir>/test/browser/chromium/**/*.test.ts'],
  testTimeout: 60_000,
  maxWorkers: 1,
};
