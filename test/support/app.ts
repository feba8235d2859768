import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import type { Edges } from '../../src/types.ts';
import { createLog } from '../../src/telemetry/log.ts';

export interface AppUnderTest {
  readonly url: string;
  /** Of its data, with `runbooks` in it. */
  readonly folder: string;
  /** One Alertmanager-like alert; resolves to its incident's id. */
  alert(
    labels: Readonly<Record<string, string>>,
    annotations?: Readonly<Record<string, string>>,
    status?: 'firing' | 'resolved',
  ): Promise<string>;
  incident(id: string): Promise<IncidentJson>;
  act(id: string, action: string, more?: object): Promise<Response>;
  get(path: string): Promise<unknown>;
  close(): Promise<void>;
}

export interface IncidentJson {
  readonly id: string;
  readonly revision: number;
  readonly diagnosis?: {
    readonly id: string;
    readonly status: string;
    readonly provider: string;
    readonly summary: string;
    readonly confidence: number;
    readonly causes: readonly {
      readonly statement: string;
      readonly confidence: number;
      readonly evidence_ids: readonly string[];
    }[];
    readonly steps: readonly { readonly text: string; readonly risk: string }[];
    readonly origin?: Readonly<Record<string, unknown>>;
  };
}

/** The whole server in this process, on a folder of its own, with what the environment says besides. */
export async function openApp(
  environment: Readonly<Record<string, string>> = {},
  edges?: Partial<Edges>,
): Promise<AppUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), 'zhiban-app-'));
  const config = readConfig({
    PORT: '0',
    DATA_DIR: folder,
    RUNBOOKS_DIR: join(folder, 'runbooks'),
    LOCALE: 'en-US',
    TIMEZONE: 'UTC',
    ...environment,
  });
  const real: Edges = { clock: { now: () => Date.now() }, random: Math.random, fetch };
  const app = await createApp(config, {
    edges: { ...real, ...edges },
    log: createLog('silent', []),
    onLost: () => undefined,
  });
  const { port } = await app.start();
  const url = `http://127.0.0.1:${port}`;
  const get = async (path: string): Promise<unknown> =>
    ((await (await fetch(`${url}${path}`)).json()) as { data: unknown }).data;
  const post = (path: string, body: object): Promise<Response> =>
    fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  return {
    url,
    folder,
    get,
    alert: async (labels, annotations = {}, status = 'firing') => {
      const alert = {
        status,
        labels,
        annotations,
        startsAt: new Date().toISOString(),
        fingerprint: JSON.stringify(labels),
      };
      const body = {
        version: '4',
        status,
        groupLabels: labels,
        commonLabels: labels,
        commonAnnotations: {},
        alerts: [alert],
      };
      const { data } = (await (await post('/api/alert', body)).json()) as { data: { incidents: { id: string }[] } };
      return data.incidents[0]?.id ?? '';
    },
    incident: async (id) => (await get(`/api/v1/incidents/${id}`)) as IncidentJson,
    act: (id, action, more = {}) => post(`/api/v1/incidents/${id}/actions`, { action, ...more }),
    close: async () => {
      await app.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
