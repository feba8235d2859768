import { z } from 'zod';
import type { EpochMs } from '../../../types.ts';
import type { Plan } from '../../evidence/plan.ts';
import { planFor } from '../../evidence/plans.ts';
import type { About, EvidenceSource, Finding } from '../../evidence/source.ts';
import type { Facts } from '../../ports.ts';
import { subjectOf } from '../../subject.ts';
import { askable, metricCatalogue, needs } from './catalogue.ts';
import { type Tool, type ToolContext, minutesAgo, thing, toolOf } from './tool.ts';

const place = {
  service: thing.optional().describe('Name of a service or application'),
  namespace: thing.optional().describe('Kubernetes namespace'),
  pod: thing.optional().describe('Full name of a pod'),
  host: thing.optional().describe('Host, node or instance'),
};
type Place = Partial<Record<keyof typeof place, string | undefined>>;

/** One tool for each kind of source that is configured. Queries are made of templates; a model names things only. */
export function monitoringTools(sources: readonly EvidenceSource[], context: ToolContext): readonly Tool[] {
  const named = (...names: readonly string[]) => sources.filter(({ name }) => names.includes(name));
  const made = (of: readonly EvidenceSource[], make: (of: readonly EvidenceSource[]) => Tool): readonly Tool[] =>
    of.length === 0 ? [] : [make(of)];
  return [
    ...made(named('prometheus'), (of) => metricsTool(of, context)),
    ...made(named('loki', 'elasticsearch'), (of) => logsTool(of, context)),
    ...made(named('kubernetes'), (of) => kubernetesTool(of, context)),
    ...made(named('alertmanager'), (of) => firingTool(of, context)),
  ];
}

function metricsTool(sources: readonly EvidenceSource[], context: ToolContext): Tool {
  const catalogue = metricCatalogue();
  const input = z.object({
    ...place,
    metric: z
      .enum([...catalogue.keys()])
      .optional()
      .describe('One of the catalogue; left out: how the thing is doing in general'),
    minutes_ago: minutesAgo.default(15),
  });
  const what = 'Metrics of a service, pod or host around a moment: their course, what changed, the last value.';
  return toolOf('query_metrics', what, input, async ({ metric, minutes_ago: ago, ...where }, signal) => {
    const about = aboutOf(where, ago, context);
    if (metric === undefined) return ask(sources, about, signal);
    const metrics = askable(catalogue, metric, about.subject);
    return metrics.length === 0
      ? [needs(catalogue, metric, context.now)]
      : ask(sources, { ...about, plan: { ...about.plan, metrics } }, signal);
  });
}

const Logs = z.object({
  ...place,
  words: z.array(z.string().trim().min(2).max(60)).max(8).default([]).describe('Words to look for, besides errors'),
  minutes_ago: minutesAgo.default(5),
});

const logsTool = (sources: readonly EvidenceSource[], context: ToolContext): Tool =>
  toolOf(
    'search_logs',
    'Log lines of a service, pod or host around a moment, like ones grouped, with counts and first and last time.',
    Logs,
    async ({ words, minutes_ago: ago, ...where }, signal) => {
      const about = aboutOf(where, ago, context);
      return ask(sources, { ...about, plan: { ...about.plan, logWords: words } }, signal);
    },
  );

const kubernetesTool = (sources: readonly EvidenceSource[], context: ToolContext): Tool =>
  toolOf(
    'look_at_kubernetes',
    'State of pods, their last end, events, recent rollouts, nodes and autoscalers.',
    z.object(place),
    async (where, signal) => {
      const about = aboutOf(where, 0, context);
      return ask(sources, { ...about, plan: { ...about.plan, kubernetes: QUESTIONS } }, signal);
    },
  );
const QUESTIONS: Plan['kubernetes'] = ['pod', 'events', 'previous_log', 'rollout', 'node', 'autoscaler', 'service'];

const firingTool = (sources: readonly EvidenceSource[], context: ToolContext): Tool =>
  toolOf(
    'firing_alerts',
    'What fires now in the Alertmanager, alerts of the named thing first.',
    z.object(place),
    async (where, signal) => ask(sources, aboutOf(where, 0, context), signal),
  );

const ask = async (
  sources: readonly EvidenceSource[],
  about: About,
  signal: AbortSignal,
): Promise<readonly Finding[]> =>
  (
    await Promise.all(
      sources.map((source) => source.collect(about, AbortSignal.any([signal, AbortSignal.timeout(source.timeoutMs)]))),
    )
  ).flat();

/** As if an alert had named these things at that moment; when nothing is named, what the conversation is about. */
function aboutOf(where: Place, ago: number, { now, locale, facts }: ToolContext): About {
  const given = Object.entries(where).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const startedAt = now - ago * 60_000;
  const labels = given.length === 0 ? (facts?.incident.labels ?? {}) : Object.fromEntries(given);
  const title = given.length === 0 ? (facts?.incident.title ?? '') : given.map(([, value]) => value).join(' ');
  const subject = subjectOf({ title, labels });
  const plan = planFor('', subject);
  return { facts: factsFor(title, labels, startedAt), family: '', plan, subject, startedAt, now, locale };
}

function factsFor(title: string, labels: Facts['incident']['labels'], at: EpochMs): Facts {
  const shared = { severity: 'info', title, summary: '', integration: '', labels } as const;
  const alert = { id: '', status: 'firing', severityRaw: '', annotations: {}, links: [], receivedAt: at } as const;
  return {
    incident: { ...shared, id: '', status: 'open', source: '', openedAt: at },
    alerts: [{ ...shared, ...alert, startsAt: at }],
  };
}
