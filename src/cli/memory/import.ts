import { recognise } from '../../diagnose/facts.ts';
import {
  type IncidentRecord,
  type MemoryRecord,
  readRecord,
  type VerdictRecord,
} from '../../diagnose/memory/record.ts';
import { createRedactor } from '../../diagnose/redact/redactor.ts';
import { FAMILIES } from '../../diagnose/rules/families.ts';
import { tokensOf } from '../../diagnose/tokens.ts';
import type { Database } from '../../store/database.ts';
import { type Rememberable, remember } from '../../store/memory-import.ts';
import type { EpochMs } from '../../types.ts';
import { cleanRecord } from './export.ts';
import { linesOf } from './lines.ts';

export interface ImportOptions {
  readonly database: Database;
  readonly chunks: AsyncIterable<Uint8Array>;
  readonly secrets: readonly string[];
  readonly now: EpochMs;
  readonly retentionMs: number;
  /** Told of every line that is left out because it is wrong. */
  readonly bad: (number: number, reason: string) => void;
  readonly progress: (lines: number) => void;
}

export interface ImportResult {
  readonly lines: number;
  readonly incidents: number;
  readonly verdicts: number;
  /** Were here before. */
  readonly known: number;
  /** Older than what is kept. */
  readonly old: number;
  readonly bad: number;
}

/** A title, a summary and labels fit well; what is longer is no record of ours. */
const LONGEST_LINE = 256 * 1024;
/** Lines in one transaction: presses of a running server wait no longer than for a few milliseconds. */
const BATCH = 50;
/** Clocks differ. */
const DAY_MS = 24 * 3_600_000;

/**
 * Remembers what the lines say, batch by batch; the same lines again change nothing. A wrong line stops no other. Rejects
 * only when reading or storing fails, and can be begun again then.
 */
export async function importMemory(options: ImportOptions): Promise<ImportResult> {
  const importing = createImporting(options);
  for await (const { number, text } of linesOf(options.chunks, LONGEST_LINE)) {
    if (text === undefined) importing.refuse(number, `longer than ${LONGEST_LINE} bytes`);
    else importing.take(number, text);
    if (importing.waiting() >= BATCH) await importing.flush();
    options.progress(number);
  }
  await importing.flush();
  return importing.result();
}

function createImporting({ database, secrets, now, retentionMs, bad }: ImportOptions) {
  const redactor = createRedactor({ secrets, policy: 'full' });
  const clean = (text: string): string => redactor.redact(text).text;
  const total = { lines: 0, incidents: 0, verdicts: 0, known: 0, old: 0, bad: 0 };
  let waiting = new Map<MemoryRecord, number>();

  const refuse = (number: number, reason: string): void => {
    total.lines += 1;
    total.bad += 1;
    bad(number, reason);
  };
  return {
    refuse,
    take: (number: number, text: string): void => {
      const read = readRecord(text);
      const record = read.ok ? cleanRecord(read.record, clean) : undefined;
      if (!read.ok || record === undefined) return refuse(number, read.ok ? '' : read.reason);
      if (endOf(record) > now + DAY_MS) return refuse(number, 'it lies in the future');
      if (endOf(record) < now - retentionMs) {
        total.lines += 1;
        total.old += 1;
      } else waiting.set(record, number);
    },
    waiting: () => waiting.size,
    flush: async (): Promise<void> => {
      const batch = waiting;
      waiting = new Map();
      if (batch.size === 0) return;
      const records = [...batch.keys()];
      const incidents = records.filter((one) => one.kind === 'incident').map(rememberable);
      const verdicts = records.filter((one) => one.kind === 'verdict');
      const { engine } = database;
      const done = await database.transaction((db) => remember({ db, engine }, { incidents, verdicts }, now));
      const orphans = new Set<VerdictRecord>(done.orphans);
      for (const verdict of orphans) refuse(batch.get(verdict) ?? 0, ORPHAN);
      total.lines += batch.size - orphans.size;
      total.incidents += done.incidents;
      total.verdicts += done.verdicts;
      total.known += done.known;
    },
    result: (): ImportResult => total,
  };
}

const ORPHAN = 'its incident is not here: the line of the incident comes first, and is younger than RETENTION';

const endOf = (record: MemoryRecord): EpochMs => (record.kind === 'incident' ? record.resolvedAt : record.at);

const KNOWN = new Set(['', ...FAMILIES.map(({ id }) => id)]);

/** What the rules took it for is believed as long as they still know it: its alerts, which told more, are gone. */
function rememberable(record: IncidentRecord): Rememberable {
  const told = record.family;
  const family = told !== undefined && KNOWN.has(told) ? told : familyOf(record);
  return { ...record, family, tokens: tokensOf(record) };
}

function familyOf(record: IncidentRecord): string {
  const incident = { ...record, status: 'resolved', severity: 'warning', integration: '' } as const;
  return recognise({ incident, alerts: [] })?.family.id ?? '';
}
