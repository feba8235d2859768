import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import type { Locale } from '../../src/types.ts';

export interface Stage {
  readonly url: string;
  /** Stops the server; may be called again. */
  readonly close: () => Promise<void>;
  /** Removes what it stored, at once. */
  readonly clear: () => void;
}

export interface StageOptions {
  readonly locale: Locale;
  readonly timezone?: string | undefined;
  /** Another one is taken when it is in use. */
  readonly port: number;
  /** More of the environment, such as an app of a chat platform. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Few enough that the demo's storm is one. */
const STORM_PER_MINUTE = '5';

/** The real server over a throw-away folder. It reads nothing of this machine's own settings: they may be somebody's. */
export async function openStage({ locale, timezone, port, environment }: StageOptions): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'zhiban-demo-'));
  const clear = () => rmSync(folder, { recursive: true, force: true });
  try {
    const free = await freePort(port);
    const url = `http://localhost:${free}`;
    const config = readConfig({
      DATA_DIR: folder,
      HOST: 'localhost',
      PORT: String(free),
      PUBLIC_URL: url,
      LOCALE: locale,
      TIMEZONE: timezone,
      LOG_LEVEL: 'warn',
      STORM_PER_MINUTE,
      ...environment,
    });
    const app = await createApp(config);
    await app.start();
    return { url, clear, close: () => app.stop() };
  } catch (err) {
    clear();
    throw err;
  }
}

/** The port itself when it is free, else any that is. */
export async function freePort(wanted: number): Promise<number> {
  return (await portOf(wanted)) ?? (await portOf(0)) ?? wanted;
}

async function portOf(wanted: number): Promise<number | undefined> {
  const server = createServer();
  try {
    server.listen(wanted, 'localhost');
    await once(server, 'listening');
    const address = server.address();
    server.close();
    await once(server, 'close');
    return address !== null && typeof address === 'object' ? address.port : undefined;
  } catch {
    return undefined;
  }
}
