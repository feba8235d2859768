import type { Config } from '../config.ts';
import type { Log } from '../telemetry/log.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { Edges } from '../types.ts';
import type { Storage } from './storage.ts';

/** What the parts of the program stand on. */
export interface Ground {
  readonly config: Config;
  readonly edges: Edges;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly storage: Storage;
}
