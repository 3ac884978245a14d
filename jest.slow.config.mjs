import config from './jest.config.mjs';

/** The tests that take minutes: real training to a stated accuracy. */
export default {
  ...config,
  testMatch: ['<rootDir>/test/**/*.slow.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 1_200_000,
};
