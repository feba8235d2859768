// Runs all test projects and ends with the one line that says how it went: `N passed, N failed[, N skipped]`.
// Skipped tests are named; with CI=true they count as failed, because CI has every program they need.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const LIMIT_MINUTES = 15;
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = mkdtempSync(join(tmpdir(), 'zhiban-test-'));
/** @type {{ passed: number, failed: number, skipped: string[] }} */
const counts = { passed: 0, failed: 0, skipped: [] };
const startedAt = Date.now();
const wanted = process.argv.slice(2);

for (const project of ['fast', 'patient', 'real']) {
  const began = Date.now();
  const first = await run(project, wanted);
  const broken = first.engineDied ? unfinished(first.files) : [];
  count(first, project, broken);
  if (broken.length > 0) {
    process.stdout.write(
      `the JavaScript engine itself failed amid these files, they run once more: ${broken.join(' ')}\n`,
    );
    count(await run(project, broken), project, []);
  }
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

/**
 * One run of vitest. `engineDied` tells V8's own fatal message apart from every other end of a test process: Node 24
 * sometimes aborts in `ThreadIsolation` where threads come and go (https://github.com/nodejs/node/issues/64500).
 */
async function run(project, filters) {
  const report = join(folder, `${project}-${Date.now()}.json`);
  const args = ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const child = spawn('node', [vitest, ...args, '--passWithNoTests', ...filters], {
    cwd: root,
    stdio: ['inherit', 'inherit', 'pipe'],
  });
  let engineDied = false;
  child.stderr.on('data', (chunk) => {
    process.stderr.write(chunk);
    if (chunk.includes('Check failed: jit_page')) engineDied = true;
  });
  const status = await new Promise((resolve) => child.on('close', resolve));
  return { status, engineDied, files: readReport(report) };
}

function readReport(report) {
  try {
    return JSON.parse(readFileSync(report, 'utf8')).testResults;
  } catch {
    return undefined;
  }
}

/** The files with tests that never ended, relative to the root. */
function unfinished(files = []) {
  const cut = files.filter((file) => file.assertionResults.some((test) => test.status === 'pending'));
  return cut.map((file) => file.name.slice(root.length + 1));
}

function count({ status, files }, project, repeated) {
  if (files === undefined) {
    counts.failed += 1;
    process.stdout.write(`${project}: no report was written\n`);
    return;
  }
  let failed = 0;
  for (const file of files) {
    const name = file.name.slice(root.length + 1);
    if (repeated.includes(name)) continue;
    for (const test of file.assertionResults) {
      if (test.status === 'passed') counts.passed += 1;
      else if (test.status === 'failed') failed += 1;
      else counts.skipped.push(`${name} > ${test.fullName}`);
    }
    if (file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed')) failed += 1;
  }
  counts.failed += failed === 0 && status !== 0 && repeated.length === 0 ? 1 : failed;
}
