export type EvidenceKind = 'alert' | 'changes' | 'metrics' | 'kubernetes' | 'logs' | 'similar' | 'runbook' | 'other';

/**
 * Which part of what may be stored, and of a prompt, each kind of evidence has a claim to, against the others there are: a
 * change is rare and short, logs are long.
 */
export const SHARES: Readonly<Record<EvidenceKind, number>> = {
  alert: 5,
  changes: 10,
  metrics: 25,
  kubernetes: 20,
  logs: 30,
  similar: 5,
  runbook: 5,
  other: 10,
};

/** `mcp:grafana` is of the kind that `mcp` is. */
export const kindOf = (source: string): EvidenceKind => KINDS.get(source.split(':')[0] ?? '') ?? 'other';

const KINDS: ReadonlyMap<string, EvidenceKind> = new Map([
  ['alert', 'alert'],
  ['rule', 'alert'],
  ['changes', 'changes'],
  ['prometheus', 'metrics'],
  ['alertmanager', 'metrics'],
  ['http', 'metrics'],
  ['probe', 'metrics'],
  ['kubernetes', 'kubernetes'],
  ['loki', 'logs'],
  ['elasticsearch', 'logs'],
  ['incident', 'similar'],
  ['runbook', 'runbook'],
]);
