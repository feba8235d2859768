import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { WARM_UP_SECONDS } from './throughput.ts';

/** One figure against its bound. */
export interface Line {
  readonly name: string;
  readonly measured: string;
  /** What it is compared with, measured in the same run; empty for an absolute bound. */
  readonly reference: string;
  /** The ratio, or the figure itself. */
  readonly value: string;
  readonly bound: string;
  readonly pass: boolean;
}

/** `value` must be at least (or at most) `bound` times `reference`. */
export function ratioLine(
  name: string,
  value: number,
  reference: number,
  unit: string,
  bound: { readonly atLeast: number } | { readonly atMost: number },
): Line {
  const ratio = value / reference;
  const atLeast = 'atLeast' in bound;
  return {
    name,
    measured: `${figure(value)} ${unit}`,
    reference: `${figure(reference)} ${unit}`,
    value: ratio.toPrecision(3),
    bound: atLeast ? `≥ ${bound.atLeast}` : `≤ ${bound.atMost}`,
    pass: atLeast ? ratio >= bound.atLeast : ratio <= bound.atMost,
  };
}

/** `value` must be at most `most`, whatever anything else does. */
export const limitLine = (name: string, value: number, unit: string, most: number): Line => ({
  name,
  measured: `${figure(value)} ${unit}`,
  reference: '',
  value: figure(value),
  bound: `≤ ${most} ${unit}`,
  pass: value <= most,
});

const figure = (value: number): string => (Math.abs(value) >= 100 ? Math.round(value).toString() : value.toFixed(1));

export const describeLine = ({ name, measured, reference, value, bound, pass }: Line): string =>
  `${pass ? 'PASS' : 'FAIL'}  ${name}: ${measured}${reference === '' ? '' : ` against ${reference} = ${value}`} (wanted ${bound})`;

/** What a run as a whole was like. */
export interface Run {
  readonly minutes: number;
  /** Share of all cores that others used just before it. */
  readonly busyBefore: number;
}

/** Writes the table of a whole run, with what it ran on. */
export function writeReport(file: string, lines: readonly Line[], run: Run): void {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rows = lines.map(({ name, measured, reference, value, bound, pass }) =>
    row([name, measured, reference, value, bound, pass ? 'yes' : '**no**']),
  );
  const text = [
    '# Benchmarks',
    '',
    'Written by `npm run bench`. Every ratio compares two figures of the same run, each the median of interleaved rounds;',
    'load generator, servers and databases share one machine, the database is SQLite with every commit synced to disk.',
    `Requests/s of one alert each are counted with wrk after ${WARM_UP_SECONDS} s of warming up, everything else with a client in Node.`,
    '',
    ...surroundings(run).map((line) => `- ${line}`),
    '',
    row(['what', 'measured', 'reference', 'ratio or value', 'wanted', 'met']),
    row(['---', '---', '---', '---', '---', '---']),
    ...rows,
    '',
  ];
  writeFileSync(file, text.join('\n'));
}

function surroundings({ minutes, busyBefore }: Run): readonly string[] {
  const [cpu] = cpus();
  const require = createRequire(import.meta.url);
  const version = (name: string): string => (require(`${name}/package.json`) as { readonly version: string }).version;
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  return [
    `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC, commit ${commit}, ${minutes.toFixed(0)} minutes`,
    `${cpus().length} × ${cpu?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 1024 ** 3)} GB, ${process.platform}, ${Math.round(busyBefore * 100)} % busy with other work when the run began`,
    `Node ${process.version}, Express ${version('express')}, better-sqlite3 ${version('better-sqlite3')}`,
  ];
}

/** Looks for two seconds. */
export async function busyNow(): Promise<number> {
  const sum = () => {
    const times = cpus().map((cpu) => cpu.times);
    const idle = times.reduce((all, time) => all + time.idle, 0);
    return { idle, all: times.reduce((all, { user, nice, sys, irq }) => all + user + nice + sys + irq, idle) };
  };
  const from = sum();
  await sleep(2000);
  const until = sum();
  return 1 - (until.idle - from.idle) / (until.all - from.all);
}
