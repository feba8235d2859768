import type { ZodType } from 'zod';
import type { Config } from '../config.ts';
import type { CliDeps } from './command.ts';

const NEAR_MS = 2000;

/** What the server on `PORT` of this machine answers at an address of ours; undefined when none runs or it says something else. */
export async function askBeside<T>(
  path: string,
  shape: ZodType<T>,
  config: Config,
  deps: Pick<CliDeps, 'fetch'>,
): Promise<T | undefined> {
  if (config.PORT === 0) return undefined;
  try {
    const headers = config.ADMIN_TOKEN === undefined ? {} : { authorization: `Bearer ${config.ADMIN_TOKEN}` };
    const url = `http://${hostOf(config)}:${config.PORT}${path}`;
    const response = await deps.fetch(url, { headers, redirect: 'error', signal: AbortSignal.timeout(NEAR_MS) });
    return shape.parse(await response.json());
  } catch {
    return undefined;
  }
}

/** Where a server that listens at `HOST` is found from this machine. */
export function hostOf({ HOST }: Pick<Config, 'HOST'>): string {
  if (HOST === '0.0.0.0' || HOST === '::') return '127.0.0.1';
  return HOST.includes(':') ? `[${HOST}]` : HOST;
}
