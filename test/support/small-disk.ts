import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, openSync, closeSync, rmSync, rmdirSync, statfsSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SmallDisk {
  readonly folder: string;
  /** Leaves this many bytes free. */
  fill(leave: number): void;
  /** Gives the space back. */
  free(): void;
  unmount(): void;
}

/** Why no small disk can be made here; undefined when one can. Under CI a missing right fails at `mountSmallDisk`. */
export function cannotMount(): string | undefined {
  if (process.env['CI'] !== undefined) return undefined;
  const probe = mkdtempSync(join(tmpdir(), 'zhiban-mount-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', probe]).status === 0;
  if (mounted) execFileSync('umount', [probe]);
  rmdirSync(probe);
  return mounted ? undefined : 'a tmpfs may not be mounted';
}

/** A file system of its own that can be filled without harm to anybody. */
export function mountSmallDisk(megabytes: number): SmallDisk {
  const folder = mkdtempSync(join(tmpdir(), 'zhiban-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder]);
  const filler = join(folder, 'filler');
  return {
    folder,
    fill: (leave) => {
      const { bavail, bsize } = statfsSync(folder);
      const file = openSync(filler, 'a');
      const chunk = Buffer.alloc(bsize);
      try {
        for (let left = bavail - Math.ceil(leave / bsize); left > 0; left -= 1) writeSync(file, chunk);
      } catch (err) {
        // Whoever lives there writes too, and may take the last blocks meanwhile: then it is as full as can be.
        if (!(err instanceof Error && 'code' in err && err.code === 'ENOSPC')) throw err;
      } finally {
        closeSync(file);
      }
    },
    free: () => rmSync(filler, { force: true }),
    unmount: () => {
      execFileSync('umount', ['-l', folder]);
      rmdirSync(folder);
    },
  };
}
