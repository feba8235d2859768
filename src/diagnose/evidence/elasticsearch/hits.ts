import type { LogLine } from '../logs/line.ts';
import { listOf, stringOf, within } from '../wire.ts';
import type { Field, Layout } from './fields.ts';

/** What documents are asked for: no more than a line needs. */
export const sourceFields = (layout: Layout): readonly string[] =>
  Object.values(layout).flatMap((fields) => fields.map(({ name }) => name));

/** A document as a line: its message, with the error that is attached. Undefined without a time or a message. */
export function lineOf(hit: unknown, layout: Layout): LogLine | undefined {
  const source = within(hit, '_source');
  const [sorted] = listOf(within(hit, 'sort'));
  const at = typeof sorted === 'number' ? sorted : Date.parse(String(first(source, layout.time)));
  const message = textOf(first(source, layout.message));
  const attached = layout.error
    .map(({ name }) => textOf(valueAt(source, name)))
    .filter((text) => text !== '' && !message.includes(text));
  if (Number.isNaN(at) || (message === '' && attached.length === 0)) return undefined;
  const level = textOf(first(source, layout.level));
  const text = [message, ...attached].filter((part) => part !== '').join(' · ');
  return { at, text, stream: streamOf(source, layout), ...(level === '' ? {} : { level }) };
}

function streamOf(source: unknown, layout: Layout): string {
  const namespace = textOf(first(source, layout.namespace));
  const thing = [layout.pod, layout.service, layout.host]
    .map((fields) => textOf(first(source, fields)))
    .find((text) => text !== '');
  return [namespace, thing ?? ''].filter((part) => part !== '').join('/') || '?';
}

const first = (source: unknown, fields: readonly Field[]): unknown =>
  fields
    .map(({ name }) => valueAt(source, name))
    .find((value) => value !== undefined && value !== null && typeof value !== 'object');

const textOf = (value: unknown): string => (typeof value === 'number' ? String(value) : stringOf(value));

/** Documents may have `{"log.level": …}`, `{"log": {"level": …}}` or something between. */
function valueAt(source: unknown, name: string): unknown {
  const direct = within(source, name);
  if (direct !== undefined) return direct;
  for (let dot = name.indexOf('.'); dot > 0; dot = name.indexOf('.', dot + 1)) {
    const inside = within(source, name.slice(0, dot));
    if (inside === undefined) continue;
    const value = valueAt(inside, name.slice(dot + 1));
    if (value !== undefined) return value;
  }
  return undefined;
}
