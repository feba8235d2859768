import type { Command } from 'commander';
import { readMcp } from '../app/evidence.ts';
import type { Config } from '../config.ts';
import { parseDuration } from '../incident/duration.ts';
import { type CliDeps, CommandRefused, type OnBackend } from './command.ts';

const EVERY = 10_000;
/** Wrong lines that are told one by one. */
const MOST_TOLD = 50;

/** `zhiban memory export|import`: what was learnt from incidents, to keep or to take elsewhere. */
export function addMemory(program: Command, deps: CliDeps, onBackend: OnBackend): void {
  const memory = program.command('memory').description('closed incidents and verdicts, as lines of JSON');
  memory
    .command('export')
    .description('print what is remembered, without secrets: zhiban memory export > memory.jsonl')
    .option('--since <when>', 'only incidents closed since: a duration back such as 90d, or a day such as 2026-01-31')
    .option('--people', 'with who judged, and with personal data in texts')
    .action((options: ExportFlags) => onBackend((backend) => exportTo(backend, options, deps)));
  memory
    .command('import')
    .argument('<file>', 'lines of JSON as export prints them; - is the standard input')
    .description('remember what a file says; importing it again changes nothing')
    .action((file: string) => onBackend((backend) => importFrom(backend, file, deps)));
}

interface ExportFlags {
  readonly since?: string;
  readonly people?: boolean;
}

type Backend = Parameters<Parameters<OnBackend>[0]>[0];

async function exportTo(backend: Backend, { since, people = false }: ExportFlags, deps: CliDeps): Promise<void> {
  const { exportMemory } = await import('./memory/export.ts');
  const lines = await exportMemory({
    database: backend.database,
    secrets: await secretsOf(backend, deps.config()),
    since: since === undefined ? 0 : momentOf(since, deps.clock.now()),
    people,
    print: deps.print,
    progress: progressOf(deps, 'exported'),
  });
  await backend.record('memory.export', people ? `${lines} lines with people` : `${lines} lines`);
  deps.tell(`${lines} lines exported.`);
}

async function importFrom(backend: Backend, file: string, deps: CliDeps): Promise<void> {
  const { importMemory } = await import('./memory/import.ts');
  const config = deps.config();
  let told = 0;
  const result = await importMemory({
    database: backend.database,
    chunks: chunksOf(file, deps),
    secrets: await secretsOf(backend, config),
    now: deps.clock.now(),
    retentionMs: config.RETENTION,
    bad: (number, reason) => {
      told += 1;
      if (told <= MOST_TOLD) deps.tell(`line ${number}: ${reason}`);
    },
    progress: progressOf(deps, 'read'),
  });
  const { incidents, verdicts, known, old, bad } = result;
  await backend.record('memory.import', `${incidents} incidents, ${verdicts} verdicts`);
  deps.print(`Imported: ${incidents} incidents, ${verdicts} verdicts; ${known} were here already.`);
  if (old > 0) deps.print(`${old} are older than RETENTION and were left out.`);
  if (bad > MOST_TOLD) deps.tell(`… and ${bad - MOST_TOLD} more lines.`);
  if (bad > 0) throw new CommandRefused(`${bad} ${bad === 1 ? 'line was' : 'lines were'} not understood and left out.`);
}

/** Those of the environment, of MCP servers and of providers in rows. */
const secretsOf = async ({ providerRows }: Backend, config: Config): Promise<readonly string[]> => [
  ...config.secrets,
  ...readMcp(config).secrets,
  ...(await providerRows.keys()),
];

/** A file that cannot be read is a fault of whoever typed its name. */
async function* chunksOf(file: string, { open }: CliDeps): AsyncGenerator<Uint8Array> {
  try {
    yield* open(file);
  } catch (err) {
    throw new CommandRefused(`${file}: ${err instanceof Error ? err.message : String(err)}`);
  }
}

const progressOf =
  ({ tell }: CliDeps, what: string) =>
  (lines: number): void => {
    if (lines % EVERY === 0) tell(`${lines} lines ${what} …`);
  };

function momentOf(text: string, now: number): number {
  const back = parseDuration(text);
  const at = back === undefined ? Date.parse(text) : now - back;
  if (Number.isNaN(at))
    throw new CommandRefused(`--since ${text}: write a duration such as 90d, or a day such as 2026-01-31.`);
  return at;
}
