import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasProgram } from '../support/monitoring.ts';
import { startRecordedPrometheus } from './recorded/prometheus.ts';
import { loadPairs } from './retrieval/pairs.ts';
import { type Taught, teach } from './retrieval/rejections.ts';
import { type Retrieved, retrieve, scoreOf } from './retrieval/retrieval.ts';
import { type Ran, type RunOptions, runScenario } from './run.ts';
import type { Scenario } from './scenario.ts';
import { type Grounded, ground } from './score/grounding.ts';
import { type Verdict, judge } from './score/judge.ts';
import { type RedactionScore, redaction } from './score/redaction.ts';
import type { Rest } from './score/report.ts';

export interface Evaluated {
  readonly verdicts: readonly Verdict[];
  readonly retrieved: readonly Retrieved[];
  readonly taught: readonly Taught[];
  readonly grounded: Grounded;
  readonly redacted: RedactionScore;
  readonly heldOut: readonly Verdict[];
}

type Play = (scenario: Scenario, options?: Pick<RunOptions, 'environment' | 'price'>) => Promise<Ran>;
type Progress = (text: string) => void;

/** Runs scenarios one after another, over one Prometheus that has the series of all of them, in a folder of their own. */
export async function withScenarios<T>(
  scenarios: readonly Scenario[],
  work: (run: Play, folder: string) => Promise<T>,
): Promise<T> {
  for (const program of ['prometheus', 'promtool']) {
    if (!hasProgram(program)) throw new Error(`${program} is needed: apt-get install prometheus`);
  }
  const folder = mkdtempSync(join(tmpdir(), 'zhiban-eval-'));
  try {
    const prometheus = await startRecordedPrometheus(folder, scenarios);
    let runs = 0;
    const run: Play = (scenario, options = {}) =>
      runScenario(scenario, { ...options, folder: join(folder, `run-${(runs += 1)}`), prometheus: prometheus.url });
    try {
      return await work(run, folder);
    } finally {
      await prometheus.end();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** All that is ours and needs no model. Of those held out there are verdicts and no more. */
export async function evaluate(
  scenarios: readonly Scenario[],
  heldOut: readonly Scenario[],
  progress: Progress,
): Promise<Evaluated> {
  const pairs = loadPairs();
  return withScenarios([...scenarios, ...heldOut], async (run, folder) => {
    const ran = await playAll(scenarios, run, progress);
    const retrieved = await retrieve(pairs, folder);
    progress('similar incidents');
    const taught = await teach(pairs, folder);
    progress('rejections');
    const others = await playAll(heldOut, run, progress);
    return {
      verdicts: ran.map(judge),
      retrieved,
      taught,
      grounded: ground(ran),
      redacted: redaction(),
      heldOut: others.map(judge),
    };
  });
}

/** Scenarios alone, without memory and checks. */
export const evaluateOnly = (scenarios: readonly Scenario[], progress: Progress): Promise<readonly Verdict[]> =>
  withScenarios(scenarios, async (run) => (await playAll(scenarios, run, progress)).map(judge));

async function playAll(scenarios: readonly Scenario[], run: Play, progress: Progress): Promise<readonly Ran[]> {
  const ran: Ran[] = [];
  for (const scenario of scenarios) {
    ran.push(await run(scenario));
    progress(scenario.id);
  }
  return ran;
}

/** The numbers of everything but the scenarios. */
export function restOf({ retrieved, taught, grounded, redacted }: Evaluated): Rest {
  const of = (locale: Retrieved['locale']) => scoreOf(retrieved.filter((one) => one.locale === locale));
  return {
    retrieval: { all: scoreOf(retrieved), 'zh-CN': of('zh-CN'), 'en-US': of('en-US') },
    rejections: { hits: taught.filter(({ changed }) => changed).length, of: taught.length },
    grounding: { hits: grounded.struck, of: grounded.planted },
    redaction: { hits: redacted.hidden, of: redacted.planted },
  };
}
