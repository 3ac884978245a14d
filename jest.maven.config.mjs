import config from './jest.config.mjs';

/** The tests that run other programs by Maven: Deeplearning4j's importer. */
export default {
  ...config,
  testMatch: ['<rootDir>/test/**/*.maven.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 1_200_000,
};
