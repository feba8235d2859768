import type { DestinationStream } from 'pino';

/** What a terminal would obey: texts of strangers stand in messages of errors and among the facts. */
const OBEYED = /[^\P{Cc}\n]|\p{Cf}/gu;

/** Turns the log's JSON lines into lines for a person at a terminal. */
export const createPretty = (out: { write(text: string): unknown }): DestinationStream => ({
  write: (line) => void out.write(`${prettyLine(line).replaceAll(OBEYED, ' ')}\n`),
});

/** `03:04:05 INFO  ready port=8080 ms=194`: time of day in UTC, level, event, facts; a stack below. */
function prettyLine(line: string): string {
  const fields: Record<string, unknown> = JSON.parse(line);
  const { time, level, action, msg, err, trace_id: _, ...facts } = fields;
  const said = Object.entries(facts).map(([name, value]) => `${name}=${wordOf(value)}`);
  const head = [String(time).slice(11, 19), String(level).toUpperCase().padEnd(5), action ?? msg, ...said];
  return [head.join(' '), ...stackOf(err)].join('\n');
}

const wordOf = (value: unknown): string =>
  typeof value === 'string' && /^[^\s"]+$/u.test(value) ? value : JSON.stringify(value);

const stackOf = (err: unknown): readonly string[] => {
  if (typeof err !== 'object' || err === null) return [];
  const told: unknown = Reflect.get(err, 'stack') ?? Reflect.get(err, 'message');
  return [`  ${String(told).replaceAll('\n', '\n  ')}`];
};
