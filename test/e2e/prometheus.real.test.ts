import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/fault-bench.ts';
import { freePort } from '../support/free-port.ts';
import { hasProgram, startAlertmanager, startExporter, startPrometheus } from '../support/monitoring.ts';
import { type Running, SERVER_READY, startProgram } from '../support/process.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'main.ts');
const USER = 'prom';
const PASSWORD = 'a-password-of-the-test';
const ADMIN = 'an-admin-token-of-the-test';

interface IncidentJson {
  readonly id: string;
  readonly status: string;
  readonly severity: string;
  readonly title: string;
  readonly alerts_count: number;
  readonly firing_count: number;
  readonly links: readonly { readonly kind: string }[];
}

interface AlertJson {
  readonly status: string;
  readonly labels: Readonly<Record<string, string>>;
}

const programs = hasProgram('prometheus') && hasProgram('prometheus-alertmanager');

describe.skipIf(!programs)('with Debian’s Prometheus and Alertmanager', () => {
  const folder = mkdtempSync(join(tmpdir(), 'zhiban-monitoring-'));
  let server: Running;
  let exporter: Awaited<ReturnType<typeof startExporter>>;

  const get = async (path: string): Promise<unknown> => {
    const response = await fetch(`http://127.0.0.1:${server.port}${path}`, {
      headers: { authorization: `Bearer ${ADMIN}` },
    });
    const answer = (await response.json()) as { readonly data: unknown };
    return answer.data;
  };
  const incidents = async (text: string): Promise<readonly IncidentJson[]> => {
    const list = (await get(`/api/v1/incidents?q=${encodeURIComponent(text)}`)) as {
      readonly items: readonly IncidentJson[];
    };
    return list.items;
  };
  const alerts = async (name: string): Promise<readonly AlertJson[]> => {
    const [incident] = await incidents(name);
    if (incident === undefined) return [];
    return ((await get(`/api/v1/incidents/${incident.id}/alerts`)) as { readonly items: readonly AlertJson[] }).items;
  };
  /** Firing alerts that Alertmanager has sent us, repeats included. */
  const received = async (): Promise<number> => {
    const response = await fetch(`http://127.0.0.1:${server.port}/metrics`, {
      headers: { authorization: `Bearer ${ADMIN}` },
    });
    const line = /^zhiban_alerts_received_total{source="alertmanager",status="firing"} (\d+)$/m;
    return Number(line.exec(await response.text())?.[1] ?? 0);
  };
  const statusOf = async (text: string): Promise<string> => (await incidents(text)).map(({ status }) => status).join();
  const card = async (id: string): Promise<string> => {
    const response = await fetch(`http://127.0.0.1:${server.port}/playground?room=lobby`, {
      headers: { authorization: `Bearer ${ADMIN}` },
    });
    const page = await response.text();
    return page.includes(id) ? page : '';
  };

  beforeAll(async () => {
    server = await startProgram(
      MAIN,
      {
        DATA_DIR: join(folder, 'data'),
        PORT: '0',
        LOCALE: 'en-US',
        ADMIN_TOKEN: ADMIN,
        ALERT_BASIC_AUTH: `${USER}:${PASSWORD}`,
      },
      { ready: SERVER_READY },
    );
    exporter = await startExporter();
  });
  afterAll(async () => {
    await server?.end();
    exporter?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const webhook = () => `http://127.0.0.1:${server.port}/api/alert`;
  const credentials = { user: USER, password: PASSWORD };

  it('follows an alert from the rule to the card and to green, also when Alertmanager is killed on the way', async () => {
    const port = await freePort();
    const options = { folder, webhook: webhook(), port, ...credentials };
    let alertmanager = await startAlertmanager(options);
    const prometheus = await startPrometheus({
      folder,
      port: await freePort(),
      exporter: exporter.address,
      alertmanager: `127.0.0.1:${port}`,
      alertname: 'DemoValueHigh',
    });
    try {
      exporter.set(9);
      await until('the incident opens', async () => (await statusOf('DemoValueHigh')) === 'open', 40_000);
      const [incident] = await incidents('DemoValueHigh');
      expect(incident).toMatchObject({ severity: 'critical', alerts_count: 1, firing_count: 1 });
      expect(incident?.links.map(({ kind }) => kind)).toContain('runbook');
      await until('the card is in the lobby', async () => (await card(incident?.id ?? '')) !== '');
      expect(await card(incident?.id ?? '')).not.toContain('tone-resolved');

      await alertmanager.end('SIGKILL');
      const before = await received();
      alertmanager = await startAlertmanager(options);
      // It has forgotten that it told anybody: it opens its group anew, and must do so to tell of the end later.
      await until('the new one tells of the alert again', async () => (await received()) > before, 30_000);
      expect(await incidents('DemoValueHigh')).toMatchObject([{ id: incident?.id, status: 'open', alerts_count: 1 }]);
      exporter.set(1);
      await until('the incident is resolved', async () => (await statusOf('DemoValueHigh')) === 'resolved', 60_000);
      expect(await incidents('DemoValueHigh')).toHaveLength(1);
      await until('the card is green', async () => (await card(incident?.id ?? '')).includes('tone-resolved'));
    } finally {
      await prometheus.end();
      await alertmanager.end();
    }
  });

  it('understands Prometheus pointed straight at it', async () => {
    exporter.set(0);
    const prometheus = await startPrometheus({
      folder,
      port: await freePort(),
      exporter: exporter.address,
      alertmanager: `127.0.0.1:${server.port}`,
      basicAuth: credentials,
      alertname: 'DirectValueHigh',
    });
    try {
      exporter.set(7);
      await until('an incident is open', async () => (await statusOf('DirectValueHigh')) === 'open', 40_000);
      expect(await incidents('DirectValueHigh')).toMatchObject([{ severity: 'critical', firing_count: 1 }]);
      exporter.set(0);
      await until('it is resolved', async () => (await statusOf('DirectValueHigh')) === 'resolved', 40_000);
    } finally {
      await prometheus.end();
    }
  });

  it('keeps the truth of a cut group, and reopens on firing–resolved–firing with one startsAt', async () => {
    const port = await freePort();
    const alertmanager = await startAlertmanager({ folder, webhook: webhook(), port, maxAlerts: 1, ...credentials });
    const push = async (
      name: string,
      instances: readonly string[],
      seconds: number,
      startsAt: string,
    ): Promise<void> => {
      const endsAt = new Date(Date.now() + seconds * 1000).toISOString();
      const body = instances.map((instance) => ({
        labels: { alertname: name, instance, severity: 'warning' },
        annotations: {},
        startsAt,
        endsAt,
      }));
      const response = await fetch(`${alertmanager.url}/api/v2/alerts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      expect(response.status).toBe(200);
    };
    try {
      const startsAt = new Date(Date.now() - 60_000).toISOString();
      await push('CutGroup', ['b', 'c'], 300, startsAt);
      await push('CutGroup', ['a'], 4, startsAt);
      const told = async () =>
        (await alerts('CutGroup')).map(({ labels, status }) => `${labels['instance']} ${status}`);
      await until('the first of the group is told', async () => (await told()).includes('a firing'), 20_000);
      // The group as a whole still fires, while the one alert that fits into its body says that it is over.
      await until('its end is believed, not the group', async () => (await told()).includes('a resolved'), 20_000);
      await until('the next of the group is told', async () => (await told()).includes('b firing'), 20_000);
      expect(await incidents('CutGroup')).toMatchObject([{ status: 'open', firing_count: 1 }]);

      await push('Flap', ['x'], 3, startsAt);
      await until('Flap fires', async () => (await statusOf('Flap')) === 'open', 20_000);
      await until('Flap is resolved', async () => (await statusOf('Flap')) === 'resolved', 30_000);
      await push('Flap', ['x'], 300, startsAt);
      await until('Flap fires again in the same incident', async () => (await statusOf('Flap')) === 'open', 30_000);
      expect(await incidents('Flap')).toHaveLength(1);
    } finally {
      await alertmanager.end();
    }
  });
});
