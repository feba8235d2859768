// Runs before start, demo and test: installs the dependencies when node_modules is missing or older than the lock file.
// Plain JavaScript for any Node from 18 on, because the machine's own Node runs it.
import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const installed = join(root, 'node_modules', '.package-lock.json');
const lock = join(root, 'package-lock.json');
const isCurrent = existsSync(installed) && (!existsSync(lock) || statSync(installed).mtimeMs >= statSync(lock).mtimeMs);

// npm ci would empty the folder of somebody else that a link leads to.
const isLink = lstatSync(join(root, 'node_modules'), { throwIfNoEntry: false })?.isSymbolicLink() === true;

if (!isCurrent && isLink) {
  process.stderr.write('node_modules is a link: nothing is installed through it; run "npm ci" where it leads to.\n');
} else if (!isCurrent) {
  process.stderr.write('Installing dependencies (npm ci), once …\n');
  const result = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (result.status !== 0) {
    process.stderr.write('npm ci failed; see the lines above. Zhiban needs access to an npm registry once.\n');
    process.exit(result.status ?? 1);
  }
}
