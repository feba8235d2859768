import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

const labels = z.record(z.string(), z.coerce.string());
/** Minutes from the scenario's zero. */
const minutes = z.number();

const Shape = z.strictObject({
  base: z.number(),
  /** Standard deviation as a share of the value. */
  noise: z.number().min(0).max(2).default(0),
  events: z
    .array(
      z.strictObject({
        at: minutes,
        kind: z.enum(['step', 'ramp', 'drop', 'spike']),
        to: z.number(),
        over: z.number().positive().optional(),
      }),
    )
    .default([]),
});

const Line = z.strictObject({
  labels,
  at: minutes,
  line: z.string().min(1),
  repeat: z.number().int().positive().default(1),
  every: z.number().positive().default(1),
});

const objects = z.array(z.record(z.string(), z.unknown())).default([]);

const Kubernetes = z.strictObject({
  pods: objects,
  events: objects,
  nodes: objects,
  deployments: objects,
  logs: z.record(z.string(), z.array(z.string())).default({}),
});

const Change = z.strictObject({
  at: minutes,
  service: z.string(),
  kind: z.enum(['deploy', 'config', 'maintenance', 'event']),
  title: z.string(),
  version: z.coerce.string().optional(),
  author: z.string().optional(),
});

const Past = z.strictObject({
  title: z.string(),
  summary: z.string(),
  labels,
  cause: z.string(),
  verdict: z.enum(['confirmed', 'rejected']).optional(),
  cause_key: z.string().optional(),
  ago_days: z.number().positive(),
});

const BACKENDS = ['prometheus', 'alertmanager', 'loki', 'elasticsearch', 'kubernetes'] as const;

const Scenario = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/),
  locale: z.enum(['zh-CN', 'en-US']),
  seed: z.number().int(),
  story: z.string(),
  alert: z
    .array(
      z.strictObject({
        labels,
        annotations: labels.default({}),
        startsAt: minutes.min(0),
        generatorExpr: z.string().optional(),
        status: z.enum(['firing', 'resolved']).default('firing'),
      }),
    )
    .min(1),
  services: z.array(z.string()).min(5).max(12),
  namespaces: z.array(z.string()).min(1),
  expected: z.strictObject({
    family: z.string().nullable(),
    status: z.enum(['ready', 'not_an_issue', 'inconclusive']),
    cause: z.string(),
    must_cite: z.array(z.string().min(1)).min(1).max(3),
    red_herrings: z.array(z.string()),
    forbidden: z.array(z.string()),
  }),
  healthy: z.boolean(),
  backends: z.strictObject({
    prometheus: z.array(z.strictObject({ metric: z.string(), labels, shape: Shape })).default([]),
    alertmanager: z.array(z.strictObject({ labels, annotations: labels.default({}), startsAt: minutes })).default([]),
    loki: z.array(Line).optional(),
    elasticsearch: z.array(Line).optional(),
    kubernetes: Kubernetes.optional(),
    changes: z.array(Change).default([]),
    runbooks: z.array(z.strictObject({ file: z.string(), text: z.string() })).default([]),
    past: z.array(Past).default([]),
    failing: z.array(z.enum(BACKENDS)).default([]),
  }),
});

export type Scenario = z.output<typeof Scenario>;
export type RecordedSeries = Scenario['backends']['prometheus'][number];
export type RecordedLine = z.output<typeof Line>;
export type RecordedCluster = z.output<typeof Kubernetes>;
export type Backend = (typeof BACKENDS)[number];

export const SCENARIOS = join(import.meta.dirname, 'scenarios');
/** Nothing was ever tuned on these: what they say of the rules, strangers' alerts would say too. */
export const HELD_OUT = join(import.meta.dirname, 'held-out');

/** All scenarios by id. Throws with the file's name when one is not of the format. */
export function loadScenarios(folder = SCENARIOS): readonly Scenario[] {
  const scenarios = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => loadScenario(folder, name))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const seeds = new Set(scenarios.map(({ seed }) => seed));
  if (seeds.size < scenarios.length) throw new Error('two scenarios have the same seed');
  return scenarios;
}

function loadScenario(folder: string, name: string): Scenario {
  const file = join(folder, name, 'scenario.yaml');
  const result = Scenario.safeParse(parse(readFileSync(file, 'utf8')));
  if (!result.success) throw new Error(`${file}: ${z.prettifyError(result.error)}`);
  const { data } = result;
  if (data.id !== name) throw new Error(`${file}: its id is ${data.id}`);
  const { loki, elasticsearch } = data.backends;
  if ((loki === undefined) === (elasticsearch === undefined)) throw new Error(`${file}: needs Loki or Elasticsearch`);
  return data;
}

/** Log lines of whichever of the two back ends the scenario has. */
export const linesOf = ({ backends }: Scenario): readonly RecordedLine[] =>
  backends.loki ?? backends.elasticsearch ?? [];
