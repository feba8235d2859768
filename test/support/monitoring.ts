import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Whether Debian's programs are here. */
export const hasProgram = (name: string): boolean => spawnSync('which', [name]).status === 0;

export interface Program {
  readonly url: string;
  end(signal?: NodeJS.Signals): Promise<void>;
}

/** Starts a program that serves `/-/ready`, and waits for that. */
export async function startExternal(command: string, args: readonly string[], url: string): Promise<Program> {
  const child: ChildProcess = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-20_000)));
  child.stderr?.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-20_000)));
  for (let tries = 0; ; tries += 1) {
    const isReady = await fetch(`${url}/-/ready`).then(
      (response) => response.ok,
      () => false,
    );
    if (isReady) break;
    if (tries > 600 || child.exitCode !== null) throw new Error(`${command} did not become ready:\n${output}`);
    await sleep(100);
  }
  return {
    url,
    end: async (signal = 'SIGTERM') => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill(signal);
      await exited;
    },
  };
}

export interface AlertmanagerOptions {
  readonly folder: string;
  readonly webhook: string;
  readonly user: string;
  readonly password: string;
  readonly port: number;
  readonly maxAlerts?: number;
}

/** Debian's Alertmanager with one-second intervals, sending to `webhook` with basic authentication. */
export async function startAlertmanager(options: AlertmanagerOptions): Promise<Program> {
  const { folder, webhook, user, password, port, maxAlerts = 0 } = options;
  mkdirSync(join(folder, 'alertmanager'), { recursive: true });
  const config = join(folder, `alertmanager-${port}.yml`);
  writeFileSync(
    config,
    `route: { receiver: zhiban, group_by: [alertname], group_wait: 1s, group_interval: 1s, repeat_interval: 5s }
receivers:
  - name: zhiban
    webhook_configs:
      - url: ${webhook}
        send_resolved: true
        max_alerts: ${maxAlerts}
        http_config: { basic_auth: { username: ${user}, password: ${password} } }
`,
  );
  return startExternal(
    'prometheus-alertmanager',
    [
      `--config.file=${config}`,
      `--storage.path=${join(folder, 'alertmanager')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
    ],
    `http://127.0.0.1:${port}`,
  );
}

export interface PrometheusOptions {
  readonly folder: string;
  readonly port: number;
  /** `host:port` of what serves the metric. */
  readonly exporter: string;
  /** `host:port` of an Alertmanager, or of Zhiban itself with credentials. */
  readonly alertmanager: string;
  readonly basicAuth?: { readonly user: string; readonly password: string };
  /** Name of its one alert. */
  readonly alertname: string;
}

/** Debian's Prometheus with one-second intervals and one rule: the alert fires while `demo_value > 5`. */
export async function startPrometheus(options: PrometheusOptions): Promise<Program> {
  const { folder, port, exporter, alertmanager, basicAuth, alertname } = options;
  const data = join(folder, `prometheus-${port}`);
  mkdirSync(data, { recursive: true });
  writeFileSync(
    join(data, 'rules.yml'),
    `groups:
  - name: demo
    interval: 1s
    rules:
      - alert: ${alertname}
        expr: demo_value > 5
        labels: { severity: critical, service: demo }
        annotations: { summary: "demo value is {{ $value }}", runbook_url: "https://runbooks.example.com/demo" }
`,
  );
  const auth =
    basicAuth === undefined
      ? ''
      : `      basic_auth: { username: ${basicAuth.user}, password: ${basicAuth.password} }\n`;
  writeFileSync(
    join(data, 'prometheus.yml'),
    `global: { scrape_interval: 1s, evaluation_interval: 1s }
rule_files: [rules.yml]
alerting:
  alertmanagers:
    - static_configs: [{ targets: ["${alertmanager}"] }]
${auth}scrape_configs:
  - job_name: demo
    static_configs: [{ targets: ["${exporter}"] }]
`,
  );
  return startExternal(
    'prometheus',
    [
      `--config.file=${join(data, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(data, 'tsdb')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--rules.alert.resend-delay=2s',
    ],
    `http://127.0.0.1:${port}`,
  );
}

/** Serves one gauge, `demo_value`, that the test sets. */
export async function startExporter() {
  let value = 0;
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end(`# TYPE demo_value gauge\ndemo_value ${value}\n`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    set: (next: number) => void (value = next),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
