import { parseArgs } from 'node:util';
import { type Evaluated, evaluate, evaluateOnly, restOf } from './evaluate.ts';
import { evaluateModel } from './model.ts';
import { HELD_OUT, loadScenarios } from './scenario.ts';
import { heldOutLinesOf, isMet, linesOf } from './score/report.ts';
import { writeTables } from './score/document.ts';
import { faultsOf, markdownOf } from './score/table.ts';

/**
 * `npm run eval [-- scenario …] [--held-out] [--json] [--write] [--provider NAME [--runs 3] [--price IN:OUT]]`. Ends
 * with 1 when a limit of the whole set is missed; those held out have none.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    'held-out': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    provider: { type: 'string' },
    runs: { type: 'string', default: '3' },
    price: { type: 'string' },
  },
});

const ordinary = loadScenarios();
const heldOut = loadScenarios(HELD_OUT);
const named = positionals.length > 0;
const unknown = positionals.filter((id) => ![...ordinary, ...heldOut].some((one) => one.id === id));
if (unknown.length > 0) fail(`no scenario ${unknown.join(', ')}`);
const wanted = named
  ? [...ordinary, ...heldOut].filter(({ id }) => positionals.includes(id))
  : values['held-out']
    ? heldOut
    : ordinary;
const startedAt = performance.now();
const progress = (text: string): void => void process.stderr.write(`${text}\n`);

if (values.provider !== undefined) await model(values.provider);
else if (values['held-out'] && !named) await onlyHeldOut();
else await rules();
progress(`${((performance.now() - startedAt) / 1000).toFixed(0)} s`);

async function rules(): Promise<void> {
  const evaluated = await evaluate(wanted, named ? [] : heldOut, progress);
  const lines = linesOf(evaluated.verdicts, restOf(evaluated));
  const others = heldOutLinesOf(evaluated.heldOut);
  if (values.json) {
    // What went wrong in one that is held out is nobody's business as long as it is to be one.
    print(JSON.stringify({ at: new Date().toISOString(), lines, ...evaluated, heldOut: others }, undefined, 1));
  } else {
    print([...faultsIn(evaluated), '', markdownOf(lines), ...(named ? [] : ['', markdownOf(others)])].join('\n'));
  }
  if (values.write && !named) {
    writeTables('results', lines, new Date());
    writeTables('held-out', others, new Date());
  }
  // The limits are about all scenarios; of some, they say nothing.
  process.exitCode = named || lines.every(isMet) ? 0 : 1;
}

async function onlyHeldOut(): Promise<void> {
  const lines = heldOutLinesOf(await evaluateOnly(wanted, progress));
  print(values.json ? JSON.stringify({ at: new Date().toISOString(), lines }, undefined, 1) : markdownOf(lines));
  if (values.write) writeTables('held-out', lines, new Date());
}

function faultsIn({ verdicts, retrieved, taught, grounded, redacted }: Evaluated): readonly string[] {
  const misses = retrieved
    .filter(({ rank }) => rank !== 1)
    .map(({ id, rank, first }) => `${id}: right one at ${rank ?? '-'}, first is ${first ?? 'none'}`);
  const unmoved = taught
    .filter(({ changed }) => !changed)
    .map(({ id, before, rejected, after }) => `${id}: first "${before}", rejected "${rejected}", then "${after}"`);
  return [...faultsOf(verdicts), ...misses, ...unmoved, ...grounded.standing, ...redacted.leaking];
}

async function model(provider: string): Promise<void> {
  const runs = Number(values.runs);
  if (!Number.isInteger(runs) || runs < 1) fail('--runs must be a whole number from 1');
  const price = priceOf(values.price);
  const report = await evaluateModel({ scenarios: wanted, provider, runs, price, environment: process.env, progress });
  print(values.json ? JSON.stringify(report, undefined, 1) : report.table);
}

function priceOf(text: string | undefined) {
  if (text === undefined) return undefined;
  const [, input, output] = /^(\d+(?:\.\d+)?):(\d+(?:\.\d+)?)$/.exec(text) ?? [];
  if (input === undefined) fail('--price must be money for a million tokens, prompts:answers, such as 0.5:1.5');
  return { inputPerMillion: Number(input), outputPerMillion: Number(output) };
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function fail(text: string): never {
  process.stderr.write(`${text}\n`);
  process.exit(2);
}
