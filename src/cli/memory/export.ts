import { bareCause } from '../../diagnose/memory/same-cause.ts';
import { type MemoryRecord, writeRecord } from '../../diagnose/memory/record.ts';
import { createRedactor } from '../../diagnose/redact/redactor.ts';
import { type Database, type Handle } from '../../store/database.ts';
import { memoryRecords } from '../../store/memory-records.ts';
import type { EpochMs, Labels } from '../../types.ts';

export interface ExportOptions {
  readonly database: Database;
  /** Secrets of our own configuration. */
  readonly secrets: readonly string[];
  /** Only what was closed since. */
  readonly since: EpochMs;
  /** With the ids of those who judged, and with personal data in texts. */
  readonly people: boolean;
  readonly print: (line: string) => void;
  readonly progress: (lines: number) => void;
}

/** Prints the memory, a line of JSON each, without secrets; resolves to the number of lines. Holds one page at a time. */
export async function exportMemory(options: ExportOptions): Promise<number> {
  const { database, secrets, since, people, print, progress } = options;
  const redactor = createRedactor({ secrets, policy: people ? 'full' : 'redacted' });
  const clean = (text: string): string => redactor.redact(text).text;
  const reading: Handle = { db: database.reader, engine: database.engine };
  let lines = 0;
  for await (const record of memoryRecords(reading, since)) {
    print(writeRecord(cleanRecord(people ? record : nameless(record), clean)));
    lines += 1;
    progress(lines);
  }
  return lines;
}

function nameless(record: MemoryRecord): MemoryRecord {
  if (record.kind === 'incident') return record;
  const { by: _by, ...rest } = record;
  return rest;
}

/** The record with every text of strangers cleaned. */
export function cleanRecord<R extends MemoryRecord>(record: R, clean: (text: string) => string): R {
  if (record.kind === 'incident') {
    const { title, summary, labels, cause } = record;
    return {
      ...record,
      title: clean(title),
      summary: clean(summary),
      labels: cleanLabels(labels, clean),
      ...(cause === undefined ? {} : { cause: clean(cause) }),
    };
  }
  const { cause, reason } = record;
  // “Last time (INC-…) it was” speaks of an id that means nothing elsewhere.
  const told = { ...record, cause: clean(bareCause(cause)) };
  return reason === undefined ? told : { ...told, reason: clean(reason) };
}

/** The name is told with the value: `password` makes a secret of whatever follows. */
const cleanLabels = (labels: Labels, clean: (text: string) => string): Labels =>
  Object.fromEntries(
    Object.entries(labels).map(([name, value]) => {
      const named = clean(`${name}=${value}`);
      const plain = clean(name);
      return [plain, named.startsWith(`${plain}=`) ? named.slice(plain.length + 1) : clean(value)];
    }),
  );
