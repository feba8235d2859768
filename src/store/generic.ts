import type { Alert } from '../incident/alert.ts';
import type { Arrival } from '../incident/ports.ts';
import type { Labels } from '../types.ts';

const TEXT = 2000;
const NAMES = 30;

/**
 * The same arrival with nothing in it that could be refused: bounded, well-formed text and labels, no links, no
 * grouping, no times. Identity, status and severity stay, so that its resolve still finds it.
 */
export const asGeneric = (arrival: Arrival): Arrival => ({ ...arrival, alerts: arrival.alerts.map(generic) });

const generic = ({ integration, source, status, fingerprint, severity, title, summary, labels }: Alert): Alert => ({
  integration,
  source,
  status,
  fingerprint,
  severity,
  title: plain(title, 200) || 'Alert',
  summary: plain(summary, TEXT),
  labels: Object.fromEntries(plainPairs(labels)),
  annotations: {},
  links: [],
});

const plainPairs = (labels: Labels): [string, string][] =>
  Object.entries(labels)
    .slice(0, NAMES)
    .map(([name, value]) => [plain(name, 100), plain(value, TEXT)]);

/** A parser's fault may have let something through that is no string. */
const plain = (text: unknown, most: number): string =>
  (typeof text === 'string' ? text : (JSON.stringify(text) ?? '')).slice(0, most).toWellFormed().replaceAll('\0', '');
