import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { type LarkSimulator, startLarkSimulator } from '../simulators/lark/simulator.ts';
import { LARK_WAITS_MS, PATIENCE, larkEnvironment, larkKeys, saveAddresses } from './lark-environment.ts';

export type LarkMode = 'websocket' | 'webhook';

export interface LarkAppOptions {
  readonly mode: LarkMode;
  readonly locale?: 'zh-CN' | 'en-US';
  readonly environment?: Readonly<Record<string, string>>;
  /** When it is there, ms since 1970; now unless given. */
  readonly start?: number;
  /** Time moves by `advance` alone. */
  readonly standing?: true;
  /** Keys are set and the addresses saved also when the way is the long connection. */
  readonly bothWays?: true;
  /** Called before the server starts: chats and people that are there from the beginning. */
  readonly prepare?: (simulator: LarkSimulator) => Readonly<Record<string, string>> | void;
}

export interface LarkAppUnderTest {
  readonly lark: LarkSimulator;
  readonly url: string;
  /** Names an admin by the Lark account. */
  makeAdmin(name: string, openId: string): Promise<void>;
  nameOperator(name: string, openId: string, role: 'admin' | 'responder' | 'reader'): Promise<void>;
  /** A body to `POST /api/alert`; resolves to the ids of its incidents. */
  post(body: object): Promise<readonly string[]>;
  /** Stops the server and starts another on the same data. */
  restart(): Promise<void>;
  /** Sends alerts as Alertmanager does; resolves to the ids of their incidents. */
  alert(...alerts: readonly SentAlert[]): Promise<readonly string[]>;
  close(): Promise<void>;
}

export interface SentAlert {
  readonly name: string;
  readonly status?: 'firing' | 'resolved';
  readonly labels?: Readonly<Record<string, string>>;
  readonly summary?: string;
}

/** The whole server in this process, with the simulated platform as its Lark. */
export async function startLarkApp(options: LarkAppOptions): Promise<LarkAppUnderTest> {
  const { mode, locale = 'en-US' } = options;
  const served = mode === 'webhook' || options.bothWays === true;
  const { start: startsAt, standing } = options;
  const lark = await startLarkSimulator({
    ...(startsAt !== undefined && { start: startsAt }),
    ...(standing && { standing }),
    ...PATIENCE,
  });
  const prepared = options.prepare?.(lark) ?? {};
  const folder = mkdtempSync(join(tmpdir(), 'zhiban-lark-'));
  const environment = {
    PORT: '0',
    DATA_DIR: folder,
    LOCALE: locale,
    TIMEZONE: 'Asia/Shanghai',
    LOG_LEVEL: 'silent',
    LARK_MODE: mode,
    ...larkEnvironment(lark),
    ...(served && larkKeys(lark)),
    ...prepared,
    ...options.environment,
  };
  const start = async () => {
    const app = await createApp(readConfig(environment), {
      edges: { clock: lark.clock, random: Math.random, fetch, larkWaitsMs: LARK_WAITS_MS },
      log: createLog('silent', []),
    });
    const { port } = await app.start();
    return { app, url: `http://127.0.0.1:${port}` };
  };
  const connected = async (url: string): Promise<void> => {
    if (mode === 'websocket') await eventually(() => isListening(url));
    if (served) await saveAddresses(lark, url);
  };
  let running = await start();
  await connected(running.url);
  return {
    lark,
    get url() {
      return running.url;
    },
    alert: (...alerts) => post(running.url, alertBody(...alerts)),
    makeAdmin: (name, openId) => nameOperator(running.url, name, openId, 'admin'),
    nameOperator: (name, openId, role) => nameOperator(running.url, name, openId, role),
    post: (body) => post(running.url, body),
    restart: async () => {
      await running.app.stop();
      running = await start();
      await connected(running.url);
    },
    close: async () => {
      await running.app.stop();
      await lark.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function nameOperator(url: string, name: string, openId: string, role: string): Promise<void> {
  const response = await fetch(`${url}/api/v1/operators`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, role, ids: [`lark:${openId}`] }),
  });
  if (!response.ok) throw new Error(`the operator was answered ${response.status}: ${await response.text()}`);
}

/** What Alertmanager sends about them. */
export function alertBody(...alerts: readonly SentAlert[]): object {
  const sent = alerts.map(({ name, status = 'firing', labels = {}, summary }) => ({
    status,
    labels: { alertname: name, severity: 'critical', ...labels },
    annotations: { summary: summary ?? `${name} needs a look` },
    startsAt: '2026-11-22T01:00:00Z',
    endsAt: status === 'resolved' ? '2026-11-22T02:00:00Z' : '0001-01-01T00:00:00Z',
    fingerprint: name,
  }));
  return {
    version: '4',
    groupKey: `{}:{alertname="${alerts[0]?.name ?? ''}"}`,
    status: alerts[0]?.status ?? 'firing',
    receiver: 'zhiban',
    groupLabels: { alertname: alerts[0]?.name ?? '' },
    commonLabels: {},
    commonAnnotations: {},
    externalURL: 'http://alertmanager.example',
    alerts: sent,
  };
}

async function post(url: string, body: object): Promise<readonly string[]> {
  const response = await fetch(`${url}/api/alert`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`the alert was answered ${response.status}: ${await response.text()}`);
  const { data } = (await response.json()) as { data: { incidents: { id: string }[] } };
  return data.incidents.map(({ id }) => id);
}

/** Not only open at the platform: what comes before the vendor's client listens is lost until it comes again. */
export const isListening = async (url: string): Promise<boolean> =>
  (await (await fetch(`${url}/readyz`)).text()).includes('the long connection is up');

/** Waits until it holds, at most `ms`; real time, whatever the simulator's clock does. */
export async function eventually(holds: () => boolean | Promise<boolean>, ms = 30_000): Promise<void> {
  const end = Date.now() + ms;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`still not so after ${ms} ms: ${holds.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
