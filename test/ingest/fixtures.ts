import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type IngestContext, ingest } from '../../src/ingest/ingest.ts';

const FOLDER = join(import.meta.dirname, '..', 'fixtures', 'alerts');

export const FIXTURES = readdirSync(FOLDER).toSorted();

export const fixture = (name: string): unknown => JSON.parse(readFileSync(join(FOLDER, name), 'utf8'));

export const NOW = Date.parse('2026-11-22T01:00:00Z');

export const CONTEXT: IngestContext = { headers: {}, integration: 'default', now: NOW, botIds: [] };

export const ingested = (body: unknown, context: Partial<IngestContext> = {}) =>
  ingest(body, { ...CONTEXT, ...context });

/** Exactly one alert comes out. */
export function only(body: unknown, context: Partial<IngestContext> = {}) {
  const { alerts } = ingested(body, context);
  const [alert] = alerts;
  if (alert === undefined || alerts.length !== 1) throw new Error(`${alerts.length} alerts instead of 1`);
  return alert;
}
