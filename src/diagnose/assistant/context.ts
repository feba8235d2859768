import type { Clock } from '../../types.ts';
import type { Diagnosis, Evidence } from '../diagnosis.ts';
import { alertEvidence } from '../evidence/alert.ts';
import type { Finding } from '../evidence/source.ts';
import type { Facts, KnownIncident } from '../ports.ts';
import type { AskContext } from '../prompting/ask.ts';
import { tokensIn, tokensOf } from '../tokens.ts';
import { changeFindings, runbookFindings } from './findings.ts';
import type { Inquiry, Library } from './ports.ts';

/** What is known before any tool is asked, by code alone. */
export interface Known {
  readonly context: AskContext;
  readonly facts?: Facts;
}

const MOST_OPEN = 20;
const MOST_CHANGES = 8;
const MOST_RUNBOOKS = 2;
/** Most of what breaks by a change breaks within hours. */
const CHANGES_MS = 6 * 3_600_000;
const INCIDENT_ID = /INC-\d{8}-\d{3,9}/i;

/** The incident that is meant, what else is open, what was changed lately, and what runbooks say about it. */
export async function knownOf(library: Library, inquiry: Inquiry, clock: Clock): Promise<Known> {
  const { text, locale } = inquiry;
  const now = clock.now();
  const open = await library.open(MOST_OPEN);
  const id = meant(inquiry, open);
  const facts = id === undefined ? undefined : await library.facts(id);
  const [diagnosis, changes, runbooks] = await Promise.all([
    facts === undefined ? undefined : library.diagnosis(facts.incident.id),
    library.changes(now - CHANGES_MS, now, MOST_CHANGES),
    library.runbooks(facts === undefined ? text : `${facts.incident.title} ${text}`, MOST_RUNBOOKS),
  ]);
  const own = evidenceOf(facts, diagnosis, locale);
  const about = [...changeFindings(changes, locale), ...runbookFindings(runbooks, now)];
  const evidence = [...own, ...numberedAfter(own, about)];
  const others = open.filter((one) => one.id !== facts?.incident.id);
  const context = {
    evidence,
    open: others,
    ...(facts === undefined ? {} : { facts }),
    ...(diagnosis === undefined ? {} : { diagnosis }),
  };
  return { context, ...(facts === undefined ? {} : { facts }) };
}

/** Named in the question, pointed at, talked about before, or the one open incident that shares most words with it. */
function meant(inquiry: Inquiry, open: readonly KnownIncident[]): string | undefined {
  const named = INCIDENT_ID.exec(inquiry.text)?.[0].toUpperCase();
  return named ?? inquiry.incidentId ?? inquiry.conversation.incidentId ?? likest(inquiry.text, open)?.id;
}

/** Of two that fit as well none is meant: both are in the list of those open. */
function likest(text: string, open: readonly KnownIncident[]): KnownIncident | undefined {
  const asked = new Set(tokensIn(text, 60));
  const scored = open
    .map((incident) => ({ incident, shared: new Set(tokensOf(incident).filter((token) => asked.has(token))).size }))
    .filter(({ shared }) => shared > 0)
    .toSorted((a, b) => b.shared - a.shared);
  const [first, second] = scored;
  return first === undefined || first.shared === second?.shared ? undefined : first.incident;
}

/** What was stored with the diagnosis keeps its numbers: people have seen them on the card. */
function evidenceOf(
  facts: Facts | undefined,
  diagnosis: Diagnosis | undefined,
  locale: Inquiry['locale'],
): readonly Evidence[] {
  if (diagnosis !== undefined && diagnosis.evidence.length > 0) return diagnosis.evidence;
  return facts === undefined ? [] : numberedAfter([], alertEvidence(facts.alerts, locale));
}

/** Numbers go on where the last one ended. */
function numberedAfter(before: readonly Evidence[], findings: readonly Finding[]): readonly Evidence[] {
  const last = Math.max(0, ...before.map(({ id }) => Number(id.slice(1)) || 0));
  return findings.map((finding, index) => ({ id: `E${last + index + 1}`, ...finding }));
}
