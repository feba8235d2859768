import { join } from 'node:path';
import { firstCard } from './cases/first-card.ts';
import { hanging } from './cases/hanging.ts';
import { history } from './cases/history.ts';
import { hundredAlerts } from './cases/hundred-alerts.ts';
import { lark } from './cases/lark.ts';
import { models } from './cases/models.ts';
import { oneAlert } from './cases/one-alert.ts';
import { openLoop } from './cases/open-loop.ts';
import { peers } from './cases/peers.ts';
import { start } from './cases/start.ts';
import { tenThousand } from './cases/ten-thousand.ts';
import { type Line, busyNow, describeLine, writeReport } from './report.ts';
import { progress } from './rounds.ts';

/** `npm run bench` runs all of these and writes the table; `npm run bench -- one-alert …` runs some and writes nothing. */
const CASES: Readonly<Record<string, () => Promise<readonly Line[]>>> = {
  'one-alert': oneAlert,
  'hundred-alerts': hundredAlerts,
  peers,
  'open-loop': openLoop,
  history,
  'first-card': firstCard,
  hanging,
  start,
  'ten-thousand': tenThousand,
  lark,
  models,
};

const REPORT = join(import.meta.dirname, '../../docs/benchmarks.md');

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => CASES[name] === undefined);
if (unknown.length > 0) {
  progress(`no case ${unknown.join(', ')}; there are ${Object.keys(CASES).join(', ')}`);
  process.exit(2);
}
const busyBefore = await busyNow();
if (busyBefore > 0.2) progress(`this machine is ${Math.round(busyBefore * 100)} % busy already: expect noise`);
const startedAt = performance.now();
const lines: Line[] = [];
for (const [name, run] of Object.entries(CASES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  progress(`${name} …`);
  const found = await run();
  for (const line of found) process.stdout.write(`${describeLine(line)}\n`);
  lines.push(...found);
}
const minutes = (performance.now() - startedAt) / 60_000;
if (wanted.length === 0) writeReport(REPORT, lines, { minutes, busyBefore });
const missed = lines.filter(({ pass }) => !pass).length;
process.stdout.write(`${lines.length - missed} of ${lines.length} met, ${minutes.toFixed(1)} minutes\n`);
process.exitCode = missed === 0 ? 0 : 1;
