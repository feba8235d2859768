import type { IncomingHttpHeaders } from 'node:http';
import { alertmanager } from './alertmanager.ts';
import { custom } from './custom.ts';
import { grafanaLegacy } from './grafana-legacy.ts';
import { grafana } from './grafana.ts';
import { prometheus } from './prometheus.ts';
import type { AlertSource } from './source.ts';
import { unknown } from './unknown.ts';

/** Every format, most specific first: the first that recognises a body gets it. A new source is one line here. */
export const SOURCES: readonly AlertSource[] = [grafana, alertmanager, prometheus, grafanaLegacy, custom, unknown];

/** Never fails: what nobody recognises is `unknown`'s. */
export const detect = (body: unknown, headers: IncomingHttpHeaders): AlertSource =>
  SOURCES.find((source) => source.detect(body, headers)) ?? unknown;

export const sourceNamed = (name: string): AlertSource | undefined => SOURCES.find((source) => source.name === name);
