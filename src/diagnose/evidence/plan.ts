/** What is worth looking up about alerts of one family. Each source reads its own part. */
export interface Plan {
  /** PromQL with `{place}`s that are filled from the subject, escaped; one with a missing value is not asked. */
  readonly metrics: readonly PlannedMetric[];
  /** Words by which log lines of this trouble are told from others, besides those of errors in general. */
  readonly logWords: readonly string[];
  readonly kubernetes: readonly KubernetesQuestion[];
  /** Whether asking the address itself tells something. */
  readonly probe: boolean;
}

export interface PlannedMetric {
  readonly title: { readonly 'zh-CN': string; readonly 'en-US': string };
  readonly query: string;
  /** `bytes`, `seconds`, `percent`, `per second`, … */
  readonly unit?: string;
}

export type KubernetesQuestion =
  | 'pod'
  | 'events'
  | 'previous_log'
  | 'rollout'
  | 'node'
  | 'volume'
  | 'autoscaler'
  | 'job'
  | 'service';
