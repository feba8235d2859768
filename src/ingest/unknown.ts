import { withoutDigits } from './custom.ts';
import { type Fields, firstText, isFields } from './fields.ts';
import { type AlertSource, type Item, malformed, parseOne } from './source.ts';
import { ANNOTATION_LENGTH, labelsOf } from './text.ts';

/** Whatever nobody else recognises: kept as text, severity info, so that somebody sees it and teaches us the format. */
export const unknown: AlertSource = {
  name: 'unknown',
  repeats: false,
  detect: () => true,
  parse: (body) => parseOne(body, parseAnything),
};

const TITLES = ['title', 'subject', 'alertname', 'name', 'summary', 'text', 'message', 'msg', 'event', 'description'];
const SUMMARIES = ['description', 'message', 'text', 'summary', 'msg', 'content', 'body'];

function parseAnything(body: unknown): Item {
  const source = Array.isArray(body) ? body.find(isFields) : body;
  const raw = typeof body === 'string' ? body : boundedJson(body, ANNOTATION_LENGTH);
  const fields = isFields(source) ? source : {};
  // Listed once: an object of a hundred thousand keys takes 10 ms each time.
  const names = Object.keys(fields);
  const title = firstText(...texts(fields, TITLES), typeof body === 'string' ? body.split('\n', 1)[0] : undefined);
  const isEmpty = names.length === 0 && !(Array.isArray(body) && body.length > 0);
  if (title === undefined && isEmpty) return malformed('holds nothing that could be an alert');
  const shown = title ?? 'Message of unknown format';
  return {
    status: 'firing',
    title: shown,
    summary: texts(fields, SUMMARIES).find((text) => text !== undefined && text !== shown) ?? '',
    // Not as a word of the sender's: nothing is harmless because we could not read it.
    severity: undefined,
    assumedSeverity: 'info',
    labels: labelsOf(undefined, 0),
    annotations: labelsOf({ body: raw }, ANNOTATION_LENGTH),
    identity: { title: withoutDigits(shown), shape: names.slice(0, 64).toSorted().join(',') },
    links: [],
  };
}

const texts = (fields: Fields, names: readonly string[]): readonly (string | undefined)[] =>
  names.map((name) => {
    const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
    return typeof value === 'string' ? value : undefined;
  });

const MAX_DEPTH = 16;

/** JSON of a value that may be a megabyte, or a hundred thousand lists in each other: cut in both directions. */
function boundedJson(value: unknown, max: number, depth = 0): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, max));
  if (typeof value !== 'object' || value === null) return String(value);
  if (depth === MAX_DEPTH) return '…';
  const parts: string[] = [];
  let length = 2;
  for (const key in value) {
    if (length >= max) return wrap(value, [...parts, '…']);
    const item = boundedJson(Reflect.get(value, key), max - length, depth + 1);
    const part = Array.isArray(value) ? item : `${JSON.stringify(key.slice(0, 256))}:${item}`;
    parts.push(part);
    length += part.length + 1;
  }
  return wrap(value, parts);
}

const wrap = (value: object, parts: readonly string[]): string =>
  Array.isArray(value) ? `[${parts.join(',')}]` : `{${parts.join(',')}}`;
