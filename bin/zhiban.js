#!/usr/bin/env node
// Finds a Node that can run Zhiban (this one, or the repository's own) and hands the command line over to it.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const isEnough = major > 22 || (major === 22 && minor >= 19);
const own = join(root, 'node_modules', 'node', 'bin', 'node');
const runtime = existsSync(own) ? own : isEnough ? process.execPath : undefined;
const entry = existsSync(join(root, 'src', 'cli.ts')) ? join(root, 'src', 'cli.ts') : join(root, 'dist', 'cli.js');

if (runtime === undefined) {
  process.stderr.write(
    `Zhiban needs Node 22.19 or newer; this is ${process.versions.node}.\n` +
      'In a clone, run "npm ci" once: it brings its own Node. Else install a newer Node and try again.\n',
  );
  process.exit(1);
}

// As `npm start`: docs/decisions/0003-sqlite-in-a-worker-thread.md.
const child = spawn(runtime, ['--v8-pool-size=1', entry, ...process.argv.slice(2)], { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 130)));
