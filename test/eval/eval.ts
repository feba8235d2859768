import { parseArgs } from 'node:util';
import { evaluate, restOf } from './evaluate.ts';
import { evaluateModel } from './model.ts';
import { loadScenarios } from './scenario.ts';
import { isMet, linesOf } from './score/report.ts';
import { writeTables } from './score/document.ts';
import { faultsOf, markdownOf } from './score/table.ts';

/** `npm run eval [-- scenario …] [--json] [--write] [--provider NAME [--runs 3]]`. Ends with 1 when a limit of the whole set is missed. */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    provider: { type: 'string' },
    runs: { type: 'string', default: '3' },
  },
});

const all = loadScenarios();
const unknown = positionals.filter((id) => !all.some((one) => one.id === id));
if (unknown.length > 0) fail(`no scenario ${unknown.join(', ')}`);
const wanted = positionals.length === 0 ? all : all.filter(({ id }) => positionals.includes(id));
const startedAt = performance.now();
const progress = (text: string): void => void process.stderr.write(`${text}\n`);

if (values.provider === undefined) await rules();
else await model(values.provider);

async function rules(): Promise<void> {
  const evaluated = await evaluate(wanted, progress);
  const { verdicts, retrieved, taught, grounded, redacted } = evaluated;
  const lines = linesOf(verdicts, restOf(evaluated));
  if (values.json) {
    print(
      JSON.stringify(
        { at: new Date().toISOString(), lines, verdicts, retrieved, taught, grounded, redacted },
        undefined,
        1,
      ),
    );
  } else {
    const misses = retrieved
      .filter(({ rank }) => rank !== 1)
      .map(({ id, rank, first }) => `${id}: right one at ${rank ?? '-'}, first is ${first ?? 'none'}`);
    const unmoved = taught
      .filter(({ changed }) => !changed)
      .map(({ id, before, rejected, after }) => `${id}: first "${before}", rejected "${rejected}", then "${after}"`);
    print(
      [
        ...faultsOf(verdicts),
        ...misses,
        ...unmoved,
        ...grounded.standing,
        ...redacted.leaking,
        '',
        markdownOf(lines),
      ].join('\n'),
    );
  }
  if (values.write && positionals.length === 0) writeTables(lines, new Date());
  progress(`${wanted.length} scenarios in ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
  // The limits are about all scenarios; of some, they say nothing.
  process.exitCode = positionals.length > 0 || lines.every(isMet) ? 0 : 1;
}

async function model(provider: string): Promise<void> {
  const runs = Number(values.runs);
  if (!Number.isInteger(runs) || runs < 1) fail('--runs must be a whole number from 1');
  const report = await evaluateModel({ scenarios: wanted, provider, runs, environment: process.env, progress });
  print(values.json ? JSON.stringify(report, undefined, 1) : report.table);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function fail(text: string): never {
  process.stderr.write(`${text}\n`);
  process.exit(2);
}
