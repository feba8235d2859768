import type { Evidence } from '../../src/diagnose/diagnosis.ts';
import { recognise } from '../../src/diagnose/facts.ts';
import type { KnownAlert, KnownIncident } from '../../src/diagnose/ports.ts';
import type { EvidencePack } from '../../src/diagnose/provider.ts';
import { NOW, factsFor } from './world.ts';

export const MINUTE = 60_000;

type Given = Partial<Evidence> & Pick<Evidence, 'source' | 'title' | 'text'>;

/** A log line as the log sources tell of it: an error, new since the start unless said otherwise. */
export const log = (
  line: string,
  given: { readonly fresh?: boolean; readonly relevance?: number; readonly at?: number } = {},
): Given => ({
  source: 'loki',
  title: `Log · error ×12 · ${line.slice(0, 60)}`,
  text: `error; seen 12 times (12 since the start)${given.fresh === false ? '' : '; new, or far more frequent since the start'}; from checkout\n> ${line}`,
  at: given.at ?? NOW,
  relevance: given.relevance ?? 0.85,
});

export const pod = (word: string, container: string): Given => ({
  source: 'kubernetes',
  title: `Pod shop/checkout-1 · ${word}`,
  text: `phase Running; node node-1; labels app=checkout\ncontainer app: ${container}; image shop/checkout:1.2; requests cpu=1, limits memory=512Mi; livenessProbe GET :8080/healthz (timeout 1s period 10s delay 0s failures 3)`,
  relevance: word === 'healthy' ? 0.4 : 0.95,
});

export const metric = (name: string, course: string, relevance = 0.85): Given => ({
  source: 'prometheus',
  title: `Changed around the start · ${name}`,
  text: `${name}{service="checkout"}: last 40; between 2 and 40, highest at 2026-11-22T08:00:00Z; ${course}`,
  relevance,
});

export const change = (title: string, minutesBefore: number, relation = 'same service as the alert'): Given => ({
  source: 'changes',
  title: `Release · checkout · ${minutesBefore} min before the start`,
  text: `${title}\nversion 1.4.2\n${relation}`,
  at: NOW - minutesBefore * MINUTE,
  relevance: 0.9,
});

export const failed = (source: string): Given => ({
  source,
  title: `No evidence from ${source}`,
  text: 'too many clients already',
  failed: true,
  relevance: 0.95,
});

/** What a diagnosis of an alert by this name is made from, with evidence numbered after the alert itself. */
export function packOf(
  name: string,
  given: readonly Given[],
  alert: Partial<KnownAlert> = {},
  incident: Partial<KnownIncident> = {},
): EvidencePack {
  const facts = factsFor(
    'INC-1',
    { title: name, severity: 'warning', ...alert, labels: { alertname: name, service: 'checkout', ...alert.labels } },
    incident,
  );
  const matched = recognise(facts);
  const first: Given = { source: 'alert', title: `Alert · ${name}`, text: name };
  const evidence = [first, ...given].map((item, at) => ({ at: NOW, ...item, id: `E${at + 1}` }));
  return { ...facts, evidence, similar: [], locale: 'en-US', ...(matched === undefined ? {} : { matched }) };
}
