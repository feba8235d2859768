// Runs all test projects and ends with the one line that says how it went: `N passed, N failed[, N skipped]`.
// Skipped tests are named; with CI=true they count as failed, because CI has every program they need.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const LIMIT_MINUTES = 17;
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = mkdtempSync(join(tmpdir(), 'zhiban-test-'));
/** @type {{ passed: number, failed: number, skipped: string[] }} */
const counts = { passed: 0, failed: 0, skipped: [] };
const startedAt = Date.now();
const wanted = process.argv.slice(2);

for (const project of ['fast', 'patient', 'real']) {
  const report = join(folder, `${project}.json`);
  const began = Date.now();
  const args = ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const result = spawnSync('node', [vitest, ...args, '--passWithNoTests', ...wanted], { cwd: root, stdio: 'inherit' });
  count(report, result.status, project);
  process.stdout.write(`${project}: ${((Date.now() - began) / 1000).toFixed(0)} s\n`);
}
rmSync(folder, { recursive: true, force: true });

for (const name of counts.skipped) process.stdout.write(`skipped: ${name}\n`);
const minutes = (Date.now() - startedAt) / 60_000;
if (minutes > LIMIT_MINUTES) {
  process.stdout.write(`the suite took ${minutes.toFixed(1)} min, more than ${LIMIT_MINUTES}\n`);
  counts.failed += 1;
}
if (process.env.CI === 'true') counts.failed += counts.skipped.length;
const skipped = counts.skipped.length > 0 ? `, ${counts.skipped.length} skipped` : '';
process.stdout.write(`${counts.passed} passed, ${counts.failed} failed${skipped}\n`);
process.exit(counts.failed === 0 && counts.passed > 0 ? 0 : 1);

function count(report, status, project) {
  let files = [];
  try {
    files = JSON.parse(readFileSync(report, 'utf8')).testResults;
  } catch {
    counts.failed += 1;
    process.stdout.write(`${project}: no report was written\n`);
    return;
  }
  let failed = 0;
  for (const file of files) {
    for (const test of file.assertionResults) {
      if (test.status === 'passed') counts.passed += 1;
      else if (test.status === 'failed') failed += 1;
      else counts.skipped.push(`${file.name.slice(root.length + 1)} > ${test.fullName}`);
    }
    if (file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed')) failed += 1;
  }
  counts.failed += failed === 0 && status !== 0 ? 1 : failed;
}
