import type { Labels } from '../../src/types.ts';
import type { Facts, KnownAlert, KnownIncident, PastIncident, Verdict } from '../../src/diagnose/ports.ts';
import { tokensOf } from '../../src/diagnose/tokens.ts';

export const NOW = Date.parse('2026-11-22T08:00:00Z');

export function alertFor(given: Partial<KnownAlert> & { readonly labels: Labels }): KnownAlert {
  return {
    id: 'a1',
    status: 'firing',
    severity: 'critical',
    title: given.labels['alertname'] ?? 'Alert',
    summary: '',
    integration: 'default',
    annotations: {},
    links: [],
    receivedAt: NOW,
    ...given,
  };
}

export function factsFor(
  id: string,
  given: Parameters<typeof alertFor>[0],
  incident: Partial<KnownIncident> = {},
): Facts {
  const alert = alertFor(given);
  const { title, summary, severity, labels, integration } = alert;
  const base = {
    id,
    status: 'open',
    title,
    summary,
    severity,
    labels,
    integration,
    source: 'alertmanager',
    openedAt: NOW,
  } as const;
  return { incident: { ...base, ...incident }, alerts: [alert] };
}

/** The ports over plain arrays: enough of the store to think with. */
export function createWorld() {
  const facts = new Map<string, Facts>();
  const verdicts: (Verdict & { readonly family: string })[] = [];
  const documents: (PastIncident & { readonly family: string })[] = [];
  return {
    facts,
    open: (given: Facts): void => void facts.set(given.incident.id, given),
    say: (incidentId: string, causeKey: string, verdict: Verdict['verdict'], cause = causeKey): void => {
      const about = facts.get(incidentId)?.incident;
      if (about === undefined) throw new Error(`no incident ${incidentId}`);
      const family = causeKey.split('/')[0] ?? '';
      verdicts.unshift({ incidentId, causeKey, cause, verdict, at: NOW + verdicts.length, about, family });
    },
    close: (given: Facts, family: string, cause?: string): void => {
      facts.set(given.incident.id, given);
      const { title, summary, labels, id } = given.incident;
      const times = { openedAt: NOW - 3_600_000, resolvedAt: NOW - 1_800_000 };
      const tokens = tokensOf(given.incident);
      documents.unshift({
        id,
        title,
        summary,
        labels,
        ...times,
        tokens,
        family,
        ...(cause === undefined ? {} : { cause }),
      });
    },
    ports: {
      facts: async (id: string) => facts.get(id),
      verdicts: async () => verdicts,
      corpus: async (tokens: readonly string[]) => {
        const frequency = (token: string): number => documents.filter((one) => one.tokens.includes(token)).length;
        const length = documents.reduce((sum, one) => sum + one.tokens.length, 0);
        return {
          documents: documents.length,
          averageLength: documents.length === 0 ? 0 : length / documents.length,
          frequencies: new Map(tokens.map((token) => [token, frequency(token)])),
        };
      },
      candidates: async ({ terms, family, limit }: { terms: readonly string[]; family: string; limit: number }) =>
        documents
          .filter((one) => family === '' || one.family === family)
          .filter((one) => terms.some((term) => one.tokens.includes(term)))
          .slice(0, limit),
    },
  };
}

/** A diagnoser's other needs, where a test is about none of them. */
export const PLAIN = {
  collect: async () => [],
  fit: <F>(findings: readonly F[]) => findings,
  redact: (text: string) => ({ text, count: 0 }),
  modelsAsked: () => false,
} as const;
