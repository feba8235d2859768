import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../support/free-port.ts';
import { startExternal } from '../../support/monitoring.ts';
import type { EpochMs } from '../../../src/types.ts';
import type { RecordedSeries, Scenario } from '../scenario.ts';
import { zeroOf } from '../zero.ts';
import { LEAST_SERIES, noiseSeries } from './noise-series.ts';
import { writeOpenMetrics } from './openmetrics.ts';

const DAY_MS = 86_400_000;
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
  const zero = zeroOf(scenario);
  const recorded = scenario.backends.prometheus;
  await store(folder, data, scenario, [...recorded, ...noise], zero);
  // The same hours of the day before, when nothing had happened yet: alerts and questions compare with it.
  const calm = recorded.map((one) => ({ ...one, shape: { ...one.shape, events: [] } }));
  if (calm.length > 0) await store(folder, data, scenario, calm, zero - DAY_MS);
}

async function store(
  folder: string,
  data: string,
  scenario: Scenario,
  series: readonly RecordedSeries[],
  zero: EpochMs,
): Promise<void> {
  const file = join(folder, `${scenario.id}.om`);
  await writeOpenMetrics(file, scenario, series, zero);
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
