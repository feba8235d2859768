import { SOURCES, sourceNamed } from '../ingest/detect.ts';
import type { AlertSource } from '../ingest/source.ts';
import { NotFound } from './errors.ts';
import type { Route } from './ports.ts';

const ANY = ['POST', 'PUT'];

/** Grafana may be told to PUT; Prometheus knows only POST. */
export const ALERT_ROUTES: readonly Route[] = [
  { methods: ANY, path: '/api/alert', guard: 'alerts' },
  { methods: ANY, path: '/api/alert/:source', guard: 'alerts' },
  { methods: ANY, path: '/api/alert/integration/:name', guard: 'alerts' },
  { methods: ['POST'], path: '/api/v2/alerts', guard: 'alerts' },
  { methods: ['POST'], path: '/api/alert/api/v2/alerts', guard: 'alerts' },
];

/** What an address under `/api/alert` says about its bodies. */
export interface AlertAddress {
  readonly methods: readonly string[];
  readonly sourceName?: string;
  readonly integrationName?: string;
}

const DETECTED: AlertAddress = { methods: ANY };
const PROMETHEUS: AlertAddress = { methods: ['POST'], sourceName: 'prometheus' };

/** Undefined for addresses that are no alert entrance. By hand: this runs for every alert, before any router. */
export function alertAddressOf(path: string): AlertAddress | undefined {
  if (path === '/api/alert' || path === '/api/alert/') return DETECTED;
  if (path === '/api/v2/alerts' || path === '/api/alert/api/v2/alerts') return PROMETHEUS;
  const [, kind = '', name] = NAMED.exec(path) ?? [];
  if (kind === '') return undefined;
  if (name === undefined) return { methods: ANY, sourceName: kind };
  return kind === 'integration' ? { methods: ANY, integrationName: name } : undefined;
}

const NAMED = /^\/api\/alert\/([\w.-]{1,64})(?:\/([\w.-]{1,64}))?\/?$/;

/** Throws `NotFound` that lists the names there are. */
export function sourceOf(name: string | undefined): AlertSource | undefined {
  if (name === undefined) return undefined;
  const source = sourceNamed(name);
  if (source !== undefined) return source;
  throw new NotFound(`No source "${name}". Known: ${SOURCES.map((known) => known.name).join(', ')}.`);
}
