import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { chown } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { freePort } from './free-port.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of a throw-away cluster's superuser, or why there is none; outside CI with PGlite's empty database. */
    readonly postgres:
      | { readonly url: string }
      | { readonly missing: string }
      | { readonly missing: string; readonly archive: string };
  }
}

const run = promisify(execFile);

/** Where PostgreSQL's versions lie, each with its `bin`. */
const ROOT = process.env['POSTGRES_ROOT'] ?? '/usr/lib/postgresql';

/** One throw-away PostgreSQL cluster for the whole run, started when the machine has the programs. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const cluster = await startCluster();
  if (cluster !== undefined) {
    project.provide('postgres', { url: cluster.url });
    return cluster.stop;
  }
  const missing = `no PostgreSQL under ${ROOT}`;
  if (process.env['CI']) {
    project.provide('postgres', { missing });
    return undefined;
  }
  const folder = mkdtempSync(join(tmpdir(), 'zhiban-pglite-'));
  const archive = join(folder, 'empty.tar');
  const { archivePglite } = await import('./pglite.ts');
  await archivePglite(archive);
  project.provide('postgres', { missing, archive });
  return async () => rmSync(folder, { recursive: true });
}

export interface Cluster {
  /** Address of its superuser, without a database. */
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** A cluster in a folder of its own; nothing where the programs are missing. */
export async function startCluster(): Promise<Cluster | undefined> {
  const bin = newestBin();
  if (bin === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'zhiban-postgres-'));
  const owner = await ownerOf(folder);
  await run(
    join(bin, 'initdb'),
    ['-D', join(folder, 'data'), '-U', 'zhiban', '--auth=trust', '-E', 'UTF8', '--no-sync'],
    {
      cwd: folder,
      ...owner,
    },
  );
  const port = await freePort();
  const server = spawn(join(bin, 'postgres'), ['-D', join(folder, 'data'), ...settings(folder, port)], {
    cwd: folder,
    stdio: 'ignore',
    ...owner,
  });
  const exited = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  await ready(bin, port);
  return {
    url: `postgres://zhiban@127.0.0.1:${port}`,
    stop: async () => {
      server.kill('SIGQUIT');
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Nothing in it has to survive, so nothing waits for the disk. */
const settings = (folder: string, port: number): string[] =>
  [
    'fsync=off',
    'full_page_writes=off',
    'listen_addresses=127.0.0.1',
    `port=${port}`,
    `unix_socket_directories=${folder}`,
    'max_connections=200',
    'shared_buffers=64MB',
    'deadlock_timeout=100ms',
    'jit=off',
  ].flatMap((setting) => ['-c', setting]);

function newestBin(): string | undefined {
  if (!existsSync(ROOT)) return undefined;
  const versions = readdirSync(ROOT).toSorted((a, b) => Number(b) - Number(a));
  return versions.map((version) => join(ROOT, version, 'bin')).find((bin) => existsSync(join(bin, 'initdb')));
}

/** PostgreSQL refuses to run as root; its package brings a user of its own. */
async function ownerOf(folder: string): Promise<{ uid?: number; gid?: number }> {
  if (process.getuid?.() !== 0) return {};
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(async (flag) => Number((await run('id', [flag, 'postgres'])).stdout)),
  );
  if (uid === undefined || gid === undefined) throw new Error('the user postgres is missing');
  await chown(folder, uid, gid);
  return { uid, gid };
}

const START_MS = 60_000;

async function ready(bin: string, port: number): Promise<void> {
  for (const deadline = Date.now() + START_MS; Date.now() < deadline;) {
    const done = await run(join(bin, 'pg_isready'), ['-h', '127.0.0.1', '-p', String(port)]).then(
      () => true,
      () => false,
    );
    if (done) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`PostgreSQL did not start within ${START_MS} ms`);
}
