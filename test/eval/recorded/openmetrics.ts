import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import type { EpochMs } from '../../../src/types.ts';
import { createRandom } from '../../soak/random.ts';
import type { RecordedSeries, Scenario } from '../scenario.ts';
import { RECORDED } from '../zero.ts';
import { valueAt } from './shape.ts';

const SCRAPE_MS = 30_000;

/** Writes series of a scenario as promtool reads them, one after another, each from its oldest sample on. `at` is their zero. */
export async function writeOpenMetrics(
  file: string,
  { seed }: Scenario,
  series: readonly RecordedSeries[],
  zero: EpochMs,
): Promise<void> {
  const random = createRandom(seed + 1);
  const out = createWriteStream(file);
  for (const one of series) {
    const name = `${one.metric}{${labelsText(one.labels)}}`;
    let text = '';
    for (let at = zero + RECORDED.from * 60_000; at <= zero + RECORDED.to * 60_000; at += SCRAPE_MS) {
      text += `${name} ${valueAt(one.shape, (at - zero) / 60_000, random)} ${at / 1000}\n`;
    }
    if (!out.write(text)) await once(out, 'drain');
  }
  out.end('# EOF\n');
  await once(out, 'finish');
}

const labelsText = (labels: RecordedSeries['labels']): string =>
  Object.entries(labels)
    .map(
      ([name, value]) => `${name}="${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`,
    )
    .join(',');
