import { z } from 'zod';
import type { EpochMs, Labels } from '../../types.ts';

/** A closed incident as it is remembered, whoever had it. */
export interface IncidentRecord {
  readonly kind: 'incident';
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly labels: Labels;
  readonly source: string;
  readonly severity: string;
  readonly openedAt: EpochMs;
  readonly resolvedAt: EpochMs;
  readonly cause?: string;
  /** What the rules took it for; absent when nobody looked. */
  readonly family?: string;
}

/** What a person said about a cause of an incident. */
export interface VerdictRecord {
  readonly kind: 'verdict';
  readonly id: string;
  readonly incidentId: string;
  /** Ids are given by the day: two installations have the same one for different incidents. */
  readonly incidentOpenedAt: EpochMs;
  readonly family: string;
  readonly causeKey: string;
  readonly cause: string;
  readonly verdict: 'confirmed' | 'rejected';
  readonly reason?: string;
  readonly at: EpochMs;
  /** Who said it. */
  readonly by?: string;
}

export type MemoryRecord = IncidentRecord | VerdictRecord;

export type ReadRecord =
  | { readonly ok: true; readonly record: MemoryRecord }
  | { readonly ok: false; readonly reason: string };

/** Of the lines' form: raised when a reader of the old one would misunderstand the new one. */
const VERSION = 1;

/** One record as a line of JSON, without its line end. */
export function writeRecord(record: MemoryRecord): string {
  const head = { v: VERSION, kind: record.kind, id: record.id };
  if (record.kind === 'incident') {
    const { title, summary, labels, source, severity, openedAt, resolvedAt, cause, family } = record;
    const times = { opened_at: isoOf(openedAt), resolved_at: isoOf(resolvedAt) };
    return JSON.stringify({ ...head, title, summary, labels, source, severity, ...times, cause, family });
  }
  const { incidentId, incidentOpenedAt, family, causeKey, cause, verdict, reason, at, by } = record;
  const about = { incident: incidentId, incident_opened_at: isoOf(incidentOpenedAt), family, cause_key: causeKey };
  return JSON.stringify({ ...head, ...about, cause, verdict, reason, at: isoOf(at), by });
}

/** Reads one line; texts that are too long are cut. Never throws: the reason says what is wrong with the line. */
export function readRecord(line: string): ReadRecord {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return { ok: false, reason: 'no JSON' };
  }
  const read = Line.safeParse(json);
  if (read.success) return { ok: true, record: read.data };
  const [issue] = read.error.issues;
  return { ok: false, reason: `${issue?.path.join('.') || 'line'}: ${issue?.message ?? 'not understood'}` };
}

const text = (most: number) => z.string().transform((whole) => whole.slice(0, most).toWellFormed());
const some = (most: number) =>
  z
    .string()
    .trim()
    .min(1)
    .transform((whole) => whole.slice(0, most).toWellFormed());
const time = z.iso.datetime({ offset: true }).transform((iso) => Date.parse(iso));
const id = z.string().regex(/^[\w~:.-]{1,80}$/, 'an id has letters, digits and _ ~ : . - only');
const family = z.string().regex(/^[a-z0-9_]{0,60}$/, 'a family has small letters, digits and _ only');
const version = z.literal(VERSION, `only version ${VERSION} is known here`);
const MOST_LABELS = 200;

const IncidentLine = z
  .object({
    v: version,
    kind: z.literal('incident'),
    id,
    title: some(2000),
    summary: text(10_000).default(''),
    labels: z
      .record(text(200), text(2000))
      .default({})
      .refine((labels) => Object.keys(labels).length <= MOST_LABELS, `at most ${MOST_LABELS} labels`),
    source: some(100).default('import'),
    severity: z.enum(['critical', 'warning', 'info']).default('warning'),
    opened_at: time,
    resolved_at: time,
    cause: some(2000).optional(),
    family: family.optional(),
  })
  .refine((one) => one.resolved_at >= one.opened_at, 'resolved_at lies before opened_at')
  .transform(({ v: _v, opened_at: openedAt, resolved_at: resolvedAt, cause, family: of, ...rest }): IncidentRecord => ({
    ...rest,
    openedAt,
    resolvedAt,
    ...(cause === undefined ? {} : { cause }),
    ...(of === undefined ? {} : { family: of }),
  }));

const VerdictLine = z
  .object({
    v: version,
    kind: z.literal('verdict'),
    id,
    incident: id,
    incident_opened_at: time,
    family: family.default(''),
    cause_key: z.string().regex(/^[a-z0-9_]{1,60}\/[a-z0-9_-]{1,80}$/, 'a cause has a key such as crash_loop/config'),
    cause: some(2000),
    verdict: z.enum(['confirmed', 'rejected']),
    reason: some(2000).optional(),
    at: time,
    by: some(200).optional(),
  })
  .transform(
    ({
      v: _v,
      incident,
      incident_opened_at: incidentOpenedAt,
      cause_key: causeKey,
      reason,
      by,
      ...rest
    }): VerdictRecord => ({
      ...rest,
      incidentId: incident,
      incidentOpenedAt,
      causeKey,
      ...(reason === undefined ? {} : { reason }),
      ...(by === undefined ? {} : { by }),
    }),
  );

const Line = z.discriminatedUnion('kind', [IncidentLine, VerdictLine]);

const isoOf = (at: EpochMs): string => new Date(at).toISOString();
