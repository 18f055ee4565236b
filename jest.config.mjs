const moduleNameMapper = {
  '^@powerfill/(platform|database|tenancy|queue)$': '<rootDir>/libs/$1/src/index.ts',
  '^@powerfill/core/(.*)$': '<rootDir>/libs/powerfill/src/$1',
  '^@powerfill/migrations$': '<rootDir>/migrations/index.ts',
};

/** Unit tests stand beside the code and need no server; everything in test/ may use Redis and the database. */
export default {
  testEnvironment: 'node',
  transform: { '^.+\\.ts$': ['@swc/jest'] },
  moduleNameMapper,
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.data/'],
  testMatch: ['<rootDir>/{apps,libs,migrations,scripts,bench}/**/*.spec.ts', '<rootDir>/test/**/*.spec.ts'],
  testTimeout: 60_000,
};
