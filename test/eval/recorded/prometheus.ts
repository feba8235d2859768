import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../support/free-port.ts';
import { startExternal } from '../../support/monitoring.ts';
import type { Scenario } from '../scenario.ts';
import { zeroOf } from '../zero.ts';
import { LEAST_SERIES, noiseSeries } from './noise-series.ts';
import { writeOpenMetrics } from './openmetrics.ts';

/** promtool at once. */
const AT_ONCE = 2;

/** Debian's Prometheus with the series of all scenarios, each on its own day. Throws when a scenario has too little noise. */
export async function startRecordedPrometheus(folder: string, scenarios: readonly Scenario[]) {
  const data = join(folder, 'tsdb');
  mkdirSync(data, { recursive: true });
  const waiting = [...scenarios];
  const work = async (): Promise<void> => {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) await backfill(folder, data, one);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const config = join(folder, 'prometheus.yml');
  writeFileSync(config, 'global: { scrape_interval: 1h }\n');
  const port = await freePort();
  const args = [
    `--config.file=${config}`,
    `--storage.tsdb.path=${data}`,
    '--storage.tsdb.retention.time=100y',
    // Nothing is to be compacted meanwhile.
    '--storage.tsdb.min-block-duration=2h',
    '--storage.tsdb.max-block-duration=2h',
    `--web.listen-address=127.0.0.1:${port}`,
  ];
  return startExternal('prometheus', args, `http://127.0.0.1:${port}`);
}

async function backfill(folder: string, data: string, scenario: Scenario): Promise<void> {
  const noise = noiseSeries(scenario);
  if (noise.length < LEAST_SERIES) throw new Error(`${scenario.id}: only ${noise.length} irrelevant series`);
  const file = join(folder, `${scenario.id}.om`);
  await writeOpenMetrics(file, scenario, [...scenario.backends.prometheus, ...noise], zeroOf(scenario));
  await promtool(['tsdb', 'create-blocks-from', 'openmetrics', '--quiet', file, data], scenario.id);
  rmSync(file);
}

async function promtool(args: readonly string[], id: string): Promise<void> {
  const child = spawn('promtool', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2000)));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${id}: promtool ended with ${code}: ${said}`);
}
