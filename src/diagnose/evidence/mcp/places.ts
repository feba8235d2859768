import { nameOf } from '../../match.ts';
import { readable } from '../../subject.ts';
import type { JsonObject } from '../../json.ts';
import type { About } from '../source.ts';

/** What `{place}`s of arguments may be, besides `{label.NAME}`: the subject's values, what is said of the alert, times. */
export const PLACES: readonly string[] = [
  'service namespace pod container deployment host instance job mountpoint pvc device queue resource url hostname',
  'hostport integration alertname title severity family incident',
  'start from to start_ms from_ms to_ms start_s from_s to_s',
].flatMap((line) => line.split(' '));

/** `{{x}}` stays as it is: some query languages use braces themselves. */
const PLACE = /\{\{[^{}]{0,200}\}\}|\{([a-z_]{1,40}|label\.[\w.-]{1,100})\}/g;
const WHOLE = /^\{([a-z_]{1,40}|label\.[\w.-]{1,100})\}$/;

/** An hour before the start shows what was usual. */
export const BEFORE_MS = 3_600_000;
const DEEPEST = 6;

/** The names in braces that we do not know, each once. */
export function unknownPlaces(value: unknown): readonly string[] {
  const places = textsIn(value, 0).flatMap((text) => Array.from(text.matchAll(PLACE), ([, place = '']) => place));
  return [...new Set(places)].filter((place) => place !== '' && !PLACES.includes(place) && !place.startsWith('label.'));
}

/** Whether anything of the alert goes into it. */
export const hasPlaces = (value: unknown): boolean =>
  textsIn(value, 0).some((text) => Array.from(text.matchAll(PLACE)).some(([, place]) => place !== undefined));

function textsIn(value: unknown, depth: number): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return [];
  return Object.values(value).flatMap((inner: unknown) => textsIn(inner, depth + 1));
}

export type Filled =
  | { readonly ok: true; readonly arguments: JsonObject }
  /** `missing`: the alert does not say it. `unsafe`: what it says could change the meaning of the text around it. */
  | { readonly ok: false; readonly reason: 'missing' | 'unsafe'; readonly place: string };

/**
 * The arguments with what the alert says in their places. A place that is the whole text becomes a value of its own,
 * whatever it holds; inside a longer text, which may be a query of some language, only plain names are filled in.
 */
export function fillPlaces(given: JsonObject, about: About): Filled {
  try {
    const filled = Object.entries(given).map(([name, value]) => [name, fill(value, about, 0)]);
    return { ok: true, arguments: Object.fromEntries(filled) };
  } catch (error) {
    if (error instanceof Unfilled) return { ok: false, reason: error.reason, place: error.place };
    throw error;
  }
}

class Unfilled extends Error {
  readonly reason: 'missing' | 'unsafe';
  readonly place: string;

  constructor(reason: 'missing' | 'unsafe', place: string) {
    super(`${place} is ${reason}`);
    this.reason = reason;
    this.place = place;
  }
}

function fill(value: unknown, about: About, depth: number): unknown {
  if (typeof value === 'string') return fillText(value, about);
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return value;
  if (Array.isArray(value)) return value.map((inner: unknown) => fill(inner, about, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, fill(inner, about, depth + 1)]));
}

function fillText(text: string, about: About): string | number {
  const whole = WHOLE.exec(text)?.[1];
  if (whole !== undefined) return valueOf(whole, about);
  return text.replaceAll(PLACE, (all: string, place: string | undefined) => {
    if (place === undefined) return all;
    const value = String(valueOf(place, about));
    if (!PLAIN.test(value) || value.includes('..')) throw new Unfilled('unsafe', place);
    return value;
  });
}

/** No blanks, quotes, brackets, slashes or signs that any query language or path minds. */
const PLAIN = /^[\p{L}\p{N}][\p{L}\p{N}._:-]{0,199}$/u;

function valueOf(place: string, about: About): string | number {
  const time = timeOf(place, about);
  if (time !== undefined) return time;
  const value = textOf(place, about);
  if (value === undefined || value === '') throw new Unfilled('missing', place);
  return value;
}

function textOf(place: string, { facts, family, subject }: About): string | undefined {
  const alert = facts.alerts[0] ?? facts.incident;
  if (place.startsWith('label.')) {
    const label = place.slice('label.'.length);
    return Object.hasOwn(alert.labels, label) ? readable(alert.labels[label] ?? '') : undefined;
  }
  if (place === 'alertname') return readable(nameOf(alert));
  if (place === 'title') return readable(alert.title);
  if (place === 'severity') return alert.severity;
  if (place === 'family') return family;
  if (place === 'incident') return facts.incident.id;
  return subject.get(place);
}

/** `{start}` is ISO 8601; with `_ms` and `_s` a number. */
function timeOf(place: string, { startedAt, now }: About): string | number | undefined {
  const [name = '', unit] = place.split('_', 2);
  const times: Readonly<Record<string, number>> = { start: startedAt, from: startedAt - BEFORE_MS, to: now };
  const at = Object.hasOwn(times, name) ? times[name] : undefined;
  if (at === undefined) return undefined;
  if (unit === undefined) return new Date(at).toISOString();
  return unit === 'ms' ? at : Math.floor(at / 1000);
}
