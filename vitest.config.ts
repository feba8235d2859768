import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** As `src/store/sqlite/client.ts` does, here from the start: V8 may crash where threads come and go. */
const execArgv = ['--wasm-wrapper-tiering-budget=1000000000'];

/** A condition that becomes true is true at once; one second, as `expect.poll` has it, is too little for a busy machine. */
const PATIENT_POLLS = { poll: { timeout: 20_000 } };

/** Start programs and then mostly wait for them; none of them measures anything but long waits. */
const PATIENT = ['kill', 'lark-kill', 'lark-outage', 'recorder', 'replicas'].map(
  (name) => `test/faults/${name}.real.test.ts`,
);
PATIENT.push(
  'test/demo/demo.real.test.ts',
  'test/http/timeouts.real.test.ts',
  'test/delivery/two-workers.real.test.ts',
  'test/faults/models.real.test.ts',
  'test/diagnose/evidence/alertmanager.real.test.ts',
  'test/diagnose/evidence/prometheus.real.test.ts',
  'test/diagnose/evidence/mcp/program.real.test.ts',
);

/**
 * `fast` runs in parallel; `real` starts programs (databases, browsers, servers that are killed), one file at a time;
 * `patient` does so too, three files at a time.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          execArgv,
          name: 'fast',
          globalSetup: ['test/support/postgres-setup.ts'],
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.real.test.ts'],
          // One less than there are cores otherwise, so one where there are two.
          maxWorkers: Math.max(2, availableParallelism() - 1),
          testTimeout: 90_000,
          hookTimeout: 90_000,
          expect: PATIENT_POLLS,
        },
      },
      {
        test: {
          execArgv,
          name: 'patient',
          globalSetup: ['test/support/postgres-setup.ts'],
          include: PATIENT,
          maxWorkers: 3,
          testTimeout: 180_000,
          hookTimeout: 120_000,
          expect: PATIENT_POLLS,
        },
      },
      {
        test: {
          execArgv,
          name: 'real',
          globalSetup: ['test/support/postgres-setup.ts'],
          include: ['test/**/*.real.test.ts'],
          exclude: PATIENT,
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 120_000,
          expect: PATIENT_POLLS,
        },
      },
    ],
  },
});
