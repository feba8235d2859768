import type { Command } from 'commander';
import { readMcp, remoteSources } from '../app/evidence.ts';
import type { Config } from '../config.ts';
import { SourceFailed, failureText } from '../diagnose/evidence/failure.ts';
import { createMcpSource } from '../diagnose/evidence/mcp/source.ts';
import type { EvidenceSource } from '../diagnose/evidence/source.ts';
import { InvalidConfig } from '../errors.ts';
import type { Clock, Locale } from '../types.ts';
import { type CliDeps, CommandRefused } from './command.ts';
import { EVIDENCE_TEXTS } from './evidence-texts.ts';
import { type Mark, createReport } from './lark/report.ts';

/** Of all sources, which are asked at once. */
const DEADLINE_MS = 10_000;

/** `zhiban doctor evidence`: whether each place to look things up answers us. Ends with an error when one does not. */
export function addEvidenceDoctor(doctor: Command, deps: CliDeps): void {
  doctor
    .command('evidence')
    .description('ask each source of evidence whether it answers; costs next to nothing')
    .action(async () => {
      const { LOCALE } = deps.config();
      const t = EVIDENCE_TEXTS[LOCALE];
      const { tell, bad } = createReport(deps.print);
      const lines = await checkSources(deps, LOCALE);
      if (lines.length === 0) tell('note', t.none);
      for (const { mark, text } of lines) tell(mark, text);
      if (bad() > 0) throw new CommandRefused(t.summary(bad()));
    });
}

interface Line {
  readonly mark: Mark;
  readonly text: string;
}

/** A line for each source that the configuration names, and one for each thing that is wrong with one that answers. */
export async function checkSources(deps: CliDeps, locale: Locale, deadlineMs = DEADLINE_MS): Promise<readonly Line[]> {
  const config = deps.config();
  const opened = openSources(config, deps);
  if ('fault' in opened) return [{ mark: 'bad', text: opened.fault }];
  const { sources, close } = opened;
  const patience = { deadline: AbortSignal.timeout(deadlineMs), deadlineMs, interrupted: deps.interrupted() };
  try {
    return (await Promise.all(sources.map((source) => checked(source, patience, deps.clock, locale)))).flat();
  } finally {
    await close();
  }
}

function openSources(config: Config, edges: CliDeps) {
  try {
    const mcp = readMcp(config).servers.map((server) => createMcpSource({ server, ...edges }));
    const remote = remoteSources({ config, edges, secrets: { keep: () => undefined } });
    return {
      sources: [...remote, ...mcp],
      close: () => Promise.all(mcp.map((source) => source.close())),
    };
  } catch (err) {
    if (err instanceof InvalidConfig) return { fault: err.message };
    throw err;
  }
}

interface Patience {
  readonly deadline: AbortSignal;
  readonly deadlineMs: number;
  readonly interrupted: AbortSignal;
}

async function checked(
  source: EvidenceSource,
  { deadline, deadlineMs, interrupted }: Patience,
  clock: Clock,
  locale: Locale,
): Promise<readonly Line[]> {
  const { name } = source;
  const startedAt = clock.now();
  try {
    const signal = AbortSignal.any([deadline, interrupted]);
    const found = (await source.check?.(signal, locale)) ?? [];
    const wrong = found.map(({ text, minor }): Line => ({ mark: minor ? 'note' : 'bad', text: `${name}: ${text}` }));
    return [{ mark: 'ok', text: EVIDENCE_TEXTS[locale].ok(name, clock.now() - startedAt) }, ...wrong];
  } catch (error) {
    const late = deadline.aborted ? new SourceFailed(name, { kind: 'timeout', afterMs: deadlineMs }) : error;
    return [{ mark: 'bad', text: `${name}: ${failureText(name, late, locale)}` }];
  }
}
