import { readConfig } from '../../src/config.ts';
import type { Diagnosis } from '../../src/diagnose/diagnosis.ts';
import { likeness, tokensIn } from '../../src/diagnose/tokens.ts';
import { withScenarios } from './evaluate.ts';
import type { NewPrice } from './bot.ts';
import type { Asked, Ran } from './run.ts';
import type { Scenario } from './scenario.ts';
import { forbiddenIn, hasAbstained, misledBy } from './score/judge.ts';
import { recallOf } from './score/recall.ts';

export interface ModelRequest {
  readonly scenarios: readonly Scenario[];
  /** As `LLM_PROVIDERS` names it: `openai`, `openai:deepseek`, `ollama`, `dify`. */
  readonly provider: string;
  readonly runs: number;
  /** Where its address and key are, by the same names as the server's. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Money for a million tokens, in LLM_CURRENCY. */
  readonly price?: Pick<NewPrice, 'inputPerMillion' | 'outputPerMillion'> | undefined;
  readonly progress: (text: string) => void;
}

/** One answer to one scenario. */
export interface Answered {
  readonly id: string;
  readonly run: number;
  /** Why it is the rules' own diagnosis. */
  readonly shortfall?: string;
  /** How much the words of its first cause have in common with those of the true one, 0 … 1 (Dice). */
  readonly words: number;
  /** Share of the decisive facts that its first cause cites. */
  readonly cited: number;
  readonly abstained: boolean;
  readonly forbidden: number;
  readonly misled: boolean;
  readonly struck: number;
  readonly tookMs: number;
  readonly tokensIn: number;
  readonly tokensOut: number;
  /** As accounted for: by the price given, or by what the provider itself said. Undefined when neither is known. */
  readonly cost?: { readonly amount: number; readonly currency: string };
}

export interface Measured {
  readonly name: string;
  /** Of the runs. */
  readonly mean: number;
  /** Standard deviation over the runs. */
  readonly spread: number;
}

/** Asks one model about each scenario, several times, through the program's own chain and checks. Throws when the environment does not name it. */
export async function evaluateModel(request: ModelRequest) {
  const { scenarios, provider, runs, progress } = request;
  const environment = environmentOf(request);
  const { LLM_CURRENCY: currency } = readConfig({ DATA_DIR: '.', ...environment });
  const price = request.price && { ...request.price, provider, model: '', currency };
  const answers = await withScenarios(scenarios, async (run) => {
    const all: Answered[] = [];
    for (let turn = 1; turn <= runs; turn += 1) {
      for (const scenario of scenarios) {
        const ran = await run(scenario, { environment, price });
        if (ran.byModel !== undefined) all.push(answeredOf(ran, ran.byModel, turn));
        progress(`${scenario.id} ${turn}/${runs}`);
      }
    }
    return all;
  });
  const measured = measure(scenarios, answers, runs);
  return { provider, runs, answers, measured, table: tableOf(provider, runs, measured, answers) };
}

/** Only what concerns models goes along, and of those only the one. */
export function environmentOf({
  environment,
  provider,
}: Pick<ModelRequest, 'environment' | 'provider'>): Readonly<Record<string, string>> {
  const models = Object.entries(environment).filter(([name]) => /^(?:OPENAI|OLLAMA|DIFY|LLM)_/.test(name));
  const chosen = { ...Object.fromEntries(models.map(([name, value]) => [name, value ?? ''])), LLM_PROVIDERS: provider };
  const { models: found } = readConfig({ DATA_DIR: '.', ...chosen });
  if (found.length !== 1)
    throw new Error(`${provider} is not configured: set its address as for the server (docs/evaluation.md)`);
  return chosen;
}

export function answeredOf(ran: Ran, { diagnosis, tookMs, calls }: Asked, run: number): Answered {
  const { scenario } = ran;
  const { causes, evidence, summary, origin } = diagnosis;
  const [first] = causes;
  const cited = evidence.filter(({ id }) => first?.evidenceIds.includes(id) === true);
  const { found, missed } = recallOf(scenario, cited);
  return {
    id: scenario.id,
    run,
    ...(isModels(diagnosis) ? {} : { shortfall: origin?.shortfall ?? 'none' }),
    words: isModels(diagnosis)
      ? likeness(tokensIn(first?.statement ?? '', 200), tokensIn(scenario.expected.cause, 200))
      : 0,
    cited: found.length / (found.length + missed.length),
    abstained: hasAbstained(diagnosis),
    forbidden: forbiddenIn({ scenario, summary, causes }).length,
    misled: misledBy({ scenario, evidence }, first).length > 0,
    struck: origin?.struck ?? 0,
    tookMs: Math.round(tookMs),
    tokensIn: sum(calls.map((call) => call.tokens_in)),
    tokensOut: sum(calls.map((call) => call.tokens_out)),
    ...costOf(calls),
  };
}

/** One model asks for one currency; a call whose cost is not known would make the sum a lie. */
function costOf(calls: Asked['calls']): Pick<Answered, 'cost'> {
  const [first] = calls;
  if (first?.currency == null || calls.some(({ cost }) => cost === null)) return {};
  return { cost: { amount: sum(calls.map(({ cost }) => cost ?? 0)), currency: first.currency } };
}

const isModels = ({ provider }: Diagnosis): boolean => provider !== 'rules';

export function measure(
  scenarios: readonly Scenario[],
  answers: readonly Answered[],
  runs: number,
): readonly Measured[] {
  const status = new Map(scenarios.map(({ id, expected }) => [id, expected.status]));
  const ready = answers.filter(({ id }) => status.get(id) === 'ready');
  const calm = answers.filter(({ id }) => status.get(id) !== 'ready');
  const of = (name: string, among: readonly Answered[], value: (answer: Answered) => number): Measured => {
    const means = Array.from({ length: runs }, (_, index) =>
      mean(among.filter(({ run }) => run === index + 1).map(value)),
    );
    return { name, mean: mean(means), spread: deviation(means) };
  };
  return [
    of('an answer came', answers, ({ shortfall }) => Number(shortfall === undefined)),
    of('words in common with the true cause', ready, ({ words }) => words),
    of('decisive facts cited by the first cause', ready, ({ cited }) => cited),
    of('abstention where nothing is wrong or nothing can be told', calm, ({ abstained }) => Number(abstained)),
    of('answers with a claim that must not be made', answers, ({ forbidden }) => Number(forbidden > 0)),
    of('first causes that rest on a red herring', ready, ({ misled }) => Number(misled)),
    of('claims struck, per answer', answers, ({ struck }) => struck),
    of('seconds', answers, ({ tookMs }) => tookMs / 1000),
    of('tokens in', answers, (answer) => answer.tokensIn),
    of('tokens out', answers, (answer) => answer.tokensOut),
    ...currenciesOf(answers).map((currency) =>
      of(
        `cost of an answer, ${currency}`,
        answers.filter(({ cost }) => cost?.currency === currency),
        ({ cost }) => cost?.amount ?? 0,
      ),
    ),
  ];
}

const currenciesOf = (answers: readonly Answered[]): readonly string[] => [
  ...new Set(answers.flatMap(({ cost }) => (cost === undefined ? [] : [cost.currency]))),
];

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const mean = (values: readonly number[]): number => (values.length === 0 ? 0 : sum(values) / values.length);

const deviation = (values: readonly number[]): number =>
  Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)));

function tableOf(provider: string, runs: number, measured: readonly Measured[], answers: readonly Answered[]): string {
  const tokens = (of: 'tokensIn' | 'tokensOut'): number => sum(answers.map((answer) => answer[of]));
  return [
    `${provider}, ${runs} runs, ${answers.length} answers, ${tokens('tokensIn')} tokens in and ${tokens('tokensOut')} out, ${moneyText(answers)}`,
    '',
    '| | mean | spread |',
    '|---|---|---|',
    ...measured.map(({ name, mean: value, spread }) => `| ${name} | ${shown(value)} | ${shown(spread)} |`),
  ].join('\n');
}

/** An answer may cost a fraction of a cent. */
const shown = (value: number): string => (value !== 0 && value < 0.01 ? value.toPrecision(2) : value.toFixed(3));

function moneyText(answers: readonly Answered[]): string {
  const unknown = answers.filter(({ cost }) => cost === undefined).length;
  const known = currenciesOf(answers).map((currency) => {
    const amounts = answers.map(({ cost }) => (cost?.currency === currency ? cost.amount : 0));
    return `${shown(sum(amounts))} ${currency}`;
  });
  const missing = unknown === 0 ? [] : [`the cost of ${unknown} answers is not known (--price)`];
  return [...known, ...missing].join(', ');
}
