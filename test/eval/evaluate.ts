import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasProgram } from '../support/monitoring.ts';
import { startRecordedPrometheus } from './recorded/prometheus.ts';
import { loadPairs } from './retrieval/pairs.ts';
import { type Taught, teach } from './retrieval/rejections.ts';
import { type Retrieved, retrieve, scoreOf } from './retrieval/retrieval.ts';
import { type Ran, runScenario } from './run.ts';
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
}

/** Runs scenarios one after another, over one Prometheus that has the series of all of them, in a folder of their own. */
export async function withScenarios<T>(
  scenarios: readonly Scenario[],
  work: (
    run: (scenario: Scenario, environment?: Readonly<Record<string, string>>) => Promise<Ran>,
    folder: string,
  ) => Promise<T>,
): Promise<T> {
  for (const program of ['prometheus', 'promtool']) {
    if (!hasProgram(program)) throw new Error(`${program} is needed: apt-get install prometheus`);
  }
  const folder = mkdtempSync(join(tmpdir(), 'zhiban-eval-'));
  try {
    const prometheus = await startRecordedPrometheus(folder, scenarios);
    let runs = 0;
    const run = (scenario: Scenario, environment: Readonly<Record<string, string>> = {}): Promise<Ran> =>
      runScenario(scenario, { folder: join(folder, `run-${(runs += 1)}`), prometheus: prometheus.url, environment });
    try {
      return await work(run, folder);
    } finally {
      await prometheus.end();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** All that is ours and needs no model. */
export async function evaluate(scenarios: readonly Scenario[], progress: (text: string) => void): Promise<Evaluated> {
  const pairs = loadPairs();
  return withScenarios(scenarios, async (run, folder) => {
    const ran: Ran[] = [];
    for (const scenario of scenarios) {
      ran.push(await run(scenario));
      progress(scenario.id);
    }
    const retrieved = await retrieve(pairs, folder);
    progress('similar incidents');
    const taught = await teach(pairs, folder);
    progress('rejections');
    return { verdicts: ran.map(judge), retrieved, taught, grounded: ground(ran), redacted: redaction() };
  });
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
