import type { About, Finding } from '../source.ts';
import type { Prometheus } from './client.ts';
import { type Judged, seriesFinding } from './finding.ts';
import type { Scope } from './scope.ts';
import type { Window } from './window.ts';

const MOST_TOLD = 6;
/** More of them are those of many services, of which none in particular is meant. */
const MOST_SERIES = 40;

/** How a service is judged from outside, most telling first: errors, time, traffic. */
const SIGNALS = [
  /(?:^|[_:])(?:5xx|errors?|fail(?:ed|ures?)?|success|availability)(?:$|[_:])/,
  /(?:^|[_:])(?:latency|duration|p(?:50|9\d{1,2}))(?:$|[_:])/,
  /(?:^|[_:])requests?(?:$|[_:])/,
] as const;

/** What of the usual signals did not change: a complaint without any trace in them points elsewhere. */
export function calmFinding(
  client: Prometheus,
  calm: readonly Judged[],
  scope: Scope,
  about: About,
  window: Window,
): readonly Finding[] {
  const usual = calm
    .map((one) => ({ one, name: one.labels['__name__'] ?? '' }))
    .map(({ one, name }) => ({ one, name, signal: SIGNALS.findIndex((signal) => signal.test(name)) }))
    .filter(({ signal }) => signal >= 0);
  if (usual.length > MOST_SERIES) return [];
  const each = usual
    .filter(({ name }, index) => usual.findIndex((one) => one.name === name) === index)
    .toSorted((a, b) => a.signal - b.signal)
    .slice(0, MOST_TOLD);
  if (each.length === 0) return [];
  const names = each.map(({ name }) => name);
  const shown = {
    title: TITLE[about.locale],
    query: scope.map((one) => `{__name__=~"${names.join('|')}",${one}}`).join(' or '),
    unit: undefined,
    judged: each.map(({ one }) => one),
    window,
    relevance: 0.3,
    most: MOST_TOLD,
  };
  return [seriesFinding(client, shown, about)];
}

const TITLE = { 'zh-CN': '没有明显变化的指标', 'en-US': 'Did not change around the start' } as const;
