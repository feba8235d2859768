import { defineConfig } from 'vitest/config';

/** `fast` runs in parallel; `real` starts programs (databases, browsers, servers that are killed), one file at a time. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'fast',
          globalSetup: ['test/support/postgres-setup.ts'],
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.real.test.ts'],
          testTimeout: 15_000,
        },
      },
      {
        test: {
          name: 'real',
          globalSetup: ['test/support/postgres-setup.ts'],
          include: ['test/**/*.real.test.ts'],
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
