import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

const LOCK = '{"name":"x","version":"1.0.0","lockfileVersion":3,"packages":{"":{"name":"x","version":"1.0.0"}}}';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zhiban-install-'));
  for (const name of ['clone/scripts', 'bin', 'shared/some-package'])
    mkdirSync(join(folder, name), { recursive: true });
  copyFileSync(join(import.meta.dirname, '../scripts/install.js'), join(folder, 'clone/scripts/install.js'));
  writeFileSync(join(folder, 'clone/package.json'), '{"name":"x","version":"1.0.0","type":"module"}');
  writeFileSync(join(folder, 'clone/package-lock.json'), LOCK);
  // In npm's place: says what it was asked for, and ends as it is told to.
  writeFileSync(join(folder, 'bin/npm'), `#!/bin/sh\necho "$*" >> ${folder}/asked\nexit "\${NPM_ENDS:-0}"\n`);
  chmodSync(join(folder, 'bin/npm'), 0o755);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function install(npmEnds = '0') {
  const PATH = [join(folder, 'bin'), dirname(process.execPath), process.env['PATH']].join(delimiter);
  const { status, stderr } = spawnSync(process.execPath, [join(folder, 'clone/scripts/install.js')], {
    encoding: 'utf8',
    env: { PATH, NPM_ENDS: npmEnds },
  });
  const asked = existsSync(join(folder, 'asked')) ? readFileSync(join(folder, 'asked'), 'utf8') : '';
  return { status, stderr, asked };
}

/** As npm leaves it behind: written so many seconds after the lock file. */
function installed(seconds: number): void {
  mkdirSync(join(folder, 'clone/node_modules'));
  const [lock, left] = ['package-lock.json', 'node_modules/.package-lock.json'].map((name) =>
    join(folder, 'clone', name),
  );
  writeFileSync(left ?? '', LOCK);
  utimesSync(lock ?? '', 1_000_000, 1_000_000);
  utimesSync(left ?? '', 1_000_000 + seconds, 1_000_000 + seconds);
}

it('installs on a fresh clone what the lock file says', () => {
  expect(install()).toMatchObject({
    status: 0,
    asked: expect.stringMatching(/^ci /),
    stderr: expect.stringContaining('once'),
  });
});

it('installs again when the lock file is newer, and not when nothing has changed', () => {
  installed(-5);
  expect(install().asked).toMatch(/^ci /);
  rmSync(join(folder, 'clone/node_modules'), { recursive: true });
  rmSync(join(folder, 'asked'));
  installed(5);
  expect(install()).toEqual({ status: 0, asked: '', stderr: '' });
});

it('ends as npm did when that failed, and says what it needs', () => {
  expect(install('7')).toMatchObject({ status: 7, stderr: expect.stringContaining('an npm registry') });
});

it('installs nothing through a link, since npm would empty the folder it leads to', () => {
  symlinkSync(join(folder, 'shared'), join(folder, 'clone/node_modules'));
  const { status, stderr, asked } = install();
  expect([status, asked, existsSync(join(folder, 'shared/some-package'))]).toEqual([0, '', true]);
  expect(stderr).toContain('node_modules is a link');
});

it('hears nothing from npm of a Node that is too old, since all of it runs on the one that npm brings', () => {
  const cwd = join(folder, 'clone');
  writeFileSync(join(cwd, 'package.json'), '{"name":"x","version":"1.0.0","engines":{"node":">=99"}}');
  // What the npm that runs these tests was told is not for this one.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));
  const said = (): string => spawnSync('npm', ['ci', '--dry-run', '--offline'], { cwd, env, encoding: 'utf8' }).stderr;
  expect(said()).toContain('EBADENGINE');
  copyFileSync(join(import.meta.dirname, '../.npmrc'), join(cwd, '.npmrc'));
  expect(said()).toBe('');
});
