import { defineConfig } from 'vitest/config';

// eslint-disable-next-line no-restricted-syntax -- vitest reads its settings from the default export.
export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: 'forks',
    // The files of a process share what they import and one embedded database: making these again for each costs more
    // than most of them. So no test may leave anything behind in a module.
    isolate: false,
    maxWorkers: 2,
  },
});
