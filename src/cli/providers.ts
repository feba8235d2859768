import type { Command } from 'commander';
import type { z } from 'zod';
import { environmentModels } from '../app/models.ts';
import { createProviders } from '../app/providers.ts';
import { parseDuration } from '../incident/duration.ts';
import {
  PROVIDER_KINDS,
  ProviderRefused,
  type ProviderView,
  type Providers,
  newProvider,
} from '../operations/provider.ts';
import type { Backend } from './backend.ts';
import { type CliDeps, CommandRefused, type OnBackend } from './command.ts';
import { listProviders } from './providers-list.ts';

interface AddOptions {
  readonly kind: string;
  readonly url: string;
  readonly model?: string;
  readonly keyFile?: string;
  readonly timeout?: string;
  readonly concurrency?: string;
  readonly numCtx?: string;
  readonly think?: string;
}

/** The providers as this process sees them; nobody is asked here but by `test`. */
export function providersOf(backend: Backend, deps: CliDeps): Providers {
  const config = deps.config();
  const environment = environmentModels(config.models, deps);
  const nobody = { onChange: () => undefined, onKeys: () => undefined, states: () => [] };
  return createProviders({ config, environment, rows: backend.providerRows, edges: deps, ...nobody });
}

/** `zhiban providers list|add|remove|enable|disable|test`: language models besides those of the environment. */
export function addProviders(program: Command, deps: CliDeps, onBackend: OnBackend): void {
  const providers = program.command('providers').description('language models that diagnose');
  providers
    .command('list')
    .description('all of them, in the order in which they are asked; keys are never shown')
    .action(() => onBackend((backend) => listProviders(providersOf(backend, deps), deps)));
  providers
    .command('add')
    .argument('<name>', 'small letters, digits, . _ -')
    .description('ask one more model, besides those of the environment')
    .requiredOption('--kind <kind>', PROVIDER_KINDS.join(', '))
    .requiredOption('--url <address>', 'the whole base address, such as https://api.deepseek.com/v1')
    .option('--model <name>', 'the model to ask there; a Dify app has its own')
    .option('--key-file <path>', 'the API key, read from this file; - reads it from the standard input')
    .option('--timeout <duration>', 'the deadline of a call, such as 90s')
    .option('--concurrency <n>', 'calls at once')
    .option('--num-ctx <tokens>', 'Ollama’s context window')
    .option('--think <word>', 'Ollama: false, true, low, medium or high')
    .action((name: string, options: AddOptions) => onBackend((backend) => add(name, options, backend, deps)));
  for (const verb of ['enable', 'disable'] as const) {
    providers
      .command(verb)
      .argument('<name>')
      .description(verb === 'disable' ? 'ask it no more' : 'ask it again')
      .action((name: string) => onBackend((backend) => turn(name, verb, backend, deps)));
  }
  providers
    .command('remove')
    .argument('<name>')
    .description('forget it and its key')
    .action((name: string) => onBackend((backend) => remove(name, backend, deps)));
  providers
    .command('test')
    .argument('<name>')
    .description('ask whether it is there and has its model; costs nothing')
    .action((name: string) => onBackend((backend) => test(name, backend, deps)));
}

async function add(name: string, options: AddOptions, backend: Backend, deps: CliDeps): Promise<void> {
  const { kind, url: baseUrl, model, keyFile, timeout, concurrency, numCtx, think } = options;
  const parsed = newProvider.safeParse({
    name,
    kind,
    baseUrl,
    model,
    think,
    apiKey: keyFile === undefined ? undefined : await keyIn(keyFile, deps),
    timeoutMs: timeout === undefined ? undefined : parseDuration(timeout),
    concurrency: numberOf(concurrency),
    numCtx: numberOf(numCtx),
  });
  if (!parsed.success) throw new CommandRefused(parsed.error.issues.map(worded).join('\n'));
  if (timeout !== undefined && parsed.data.timeoutMs === undefined)
    throw new CommandRefused(`--timeout ${timeout}: write a duration such as 90s or 5m.`);
  const made = await refusing(() => providersOf(backend, deps).add(parsed.data));
  if (made === undefined)
    throw new CommandRefused(`There is a provider ${name} already; zhiban providers remove ${name} forgets it.`);
  await backend.record('providers.create', made.id);
  deps.print(`${name} is asked from now on${made.position === 1 ? '' : `, as number ${made.position ?? 0}`}.`);
  deps.print(`Try it: zhiban providers test ${name}`);
}

async function keyIn(path: string, deps: CliDeps): Promise<string> {
  try {
    return (await deps.read(path)).toString('utf8');
  } catch (error) {
    throw new CommandRefused(
      `--key-file ${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

const numberOf = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));

const OPTIONS: Readonly<Record<string, string>> = {
  kind: '--kind',
  baseUrl: '--url',
  model: '--model',
  apiKey: '--key-file',
  timeoutMs: '--timeout',
  concurrency: '--concurrency',
  numCtx: '--num-ctx',
  think: '--think',
};

const worded = ({ path: [field], message }: z.core.$ZodIssue): string =>
  `${OPTIONS[String(field)] ?? String(field)} ${message}`;

async function turn(name: string, verb: 'enable' | 'disable', backend: Backend, deps: CliDeps): Promise<void> {
  const providers = providersOf(backend, deps);
  const { id } = await ownRow(name, providers);
  await providers.change(id, { enabled: verb === 'enable' });
  await backend.record('providers.change', id);
  deps.print(`${name} is ${verb}d; a running server follows within seconds.`);
}

async function remove(name: string, backend: Backend, deps: CliDeps): Promise<void> {
  const providers = providersOf(backend, deps);
  const { id } = await ownRow(name, providers);
  await providers.remove(id);
  await backend.record('providers.remove', id);
  deps.print(`${name} is forgotten, and its key.`);
}

async function test(name: string, backend: Backend, deps: CliDeps): Promise<void> {
  const tested = await providersOf(backend, deps).test(
    name,
    AbortSignal.any([deps.interrupted(), AbortSignal.timeout(TEST_MS)]),
  );
  if (tested === undefined) throw new CommandRefused(unknown(name));
  for (const problem of tested.problems) deps.print(`- ${problem}`);
  if (!tested.ok) throw new CommandRefused(`${name} cannot be asked.`);
  deps.print(`${name} answers after ${tested.ms} ms${tested.found === undefined ? '' : `: ${tested.found}`}`);
}

/** Longest that somebody waits for a test, ms. */
export const TEST_MS = 20_000;

const unknown = (name: string): string => `There is no provider ${name}; zhiban providers list names all.`;

async function ownRow(name: string, providers: Providers): Promise<ProviderView> {
  const view = await providers.find(name);
  if (view === undefined) throw new CommandRefused(unknown(name));
  if (view.from === 'row') return view;
  throw new CommandRefused(`${name} is configured by the environment; change it there and start the server anew.`);
}

async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (err) {
    throw err instanceof ProviderRefused ? new CommandRefused(err.message) : err;
  }
}
