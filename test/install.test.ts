import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

it('installs nothing through a link, since npm would empty the folder it leads to', () => {
  const folder = mkdtempSync(join(tmpdir(), 'zhiban-install-'));
  try {
    for (const name of ['clone/scripts', 'shared/some-package']) mkdirSync(join(folder, name), { recursive: true });
    copyFileSync(join(import.meta.dirname, '../scripts/install.js'), join(folder, 'clone/scripts/install.js'));
    writeFileSync(join(folder, 'clone/package.json'), '{"name":"x","version":"1.0.0","type":"module"}');
    writeFileSync(
      join(folder, 'clone/package-lock.json'),
      '{"name":"x","version":"1.0.0","lockfileVersion":3,"packages":{"":{"name":"x","version":"1.0.0"}}}',
    );
    symlinkSync(join(folder, 'shared'), join(folder, 'clone/node_modules'));
    const { status, stderr } = spawnSync(process.execPath, [join(folder, 'clone/scripts/install.js')], {
      encoding: 'utf8',
    });
    expect([status, existsSync(join(folder, 'shared/some-package'))]).toEqual([0, true]);
    expect(stderr).toContain('node_modules is a link');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
