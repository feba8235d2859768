import { type Command, Option } from 'commander';
import type { Config } from '../../config.ts';
import { type CliDeps, CommandRefused } from '../command.ts';
import { SAMPLES, type Sample, sampleBody } from './samples.ts';
import { type Sealed, seal } from './seal.ts';

interface SignOptions {
  readonly sample?: Sample;
  readonly body?: true;
  readonly curl?: true;
  readonly send?: true;
}

/** `zhiban lark sign`: what the platform would send to our two addresses, for trying them without the platform. */
export function addLarkSign(lark: Command, deps: CliDeps): void {
  lark
    .command('sign')
    .argument('[file]', 'the body; - reads it from the standard input')
    .description('sign (and encrypt) a body as the platform does, for our own two addresses')
    .addOption(new Option('--sample <kind>', 'a body of ours instead of a file').choices(SAMPLES))
    .addOption(new Option('--body', 'print the plain body and nothing else, to be edited').conflicts(['curl', 'send']))
    .addOption(new Option('--curl', 'print a command that sends it to PUBLIC_URL').conflicts('send'))
    .option('--send', 'send it to PUBLIC_URL and print the answer')
    .action((file: string | undefined, options: SignOptions) => sign(file, options, deps));
}

async function sign(file: string | undefined, options: SignOptions, deps: CliDeps): Promise<void> {
  const config = deps.config();
  if (config.LARK_ENCRYPT_KEY === undefined && config.LARK_VERIFICATION_TOKEN === undefined)
    throw new CommandRefused(
      'Neither LARK_ENCRYPT_KEY nor LARK_VERIFICATION_TOKEN is set: nothing to sign with, and the two addresses are not served.',
    );
  const text = await bodyText(file, options, config, deps);
  if (options.body) return deps.print(text);
  const sealed = seal(text, config, deps.clock.now());
  const url = `${config.PUBLIC_URL}${sealed.path}`;
  if (options.curl) return deps.print(curl(url, sealed));
  if (options.send) return send(url, sealed, deps);
  for (const [name, value] of Object.entries(sealed.headers)) deps.print(`${name}: ${value}`);
  deps.print('');
  deps.print(sealed.body);
}

async function bodyText(file: string | undefined, { sample }: SignOptions, config: Config, deps: CliDeps) {
  if ((file === undefined) === (sample === undefined))
    throw new CommandRefused(`Name a file (or -), or a sample: zhiban lark sign --sample ${SAMPLES.join('|')}`);
  if (sample !== undefined) {
    const { LARK_APP_ID: appId = '', LARK_VERIFICATION_TOKEN: token = '' } = config;
    if (sample === 'legacy' && token === '')
      throw new CommandRefused('LARK_VERIFICATION_TOKEN is not set: it is what proves clicks of the old form.');
    return JSON.stringify(sampleBody(sample, { appId, token, now: deps.clock.now() }));
  }
  try {
    // An editor's last line end is not part of what is meant.
    return (await deps.read(file ?? '-')).toString('utf8').replace(/\r?\n$/u, '');
  } catch {
    throw new CommandRefused(`${file ?? '-'} cannot be read.`);
  }
}

const curl = (url: string, { headers, body }: Sealed): string =>
  [
    `curl -sS -X POST ${quoted(url)}`,
    ...Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    `--data-binary ${quoted(body)}`,
  ].join(' \\\n  ');

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

const TIMEOUT_MS = 10_000;

async function send(url: string, { headers, body }: Sealed, { fetch, print }: CliDeps): Promise<void> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const answered = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal })
    .then(async (response) => ({ ok: response.ok, text: `HTTP ${response.status} ${await response.text()}` }))
    .catch(() => ({ ok: false, text: `${url} does not answer.` }));
  if (!answered.ok) throw new CommandRefused(answered.text);
  print(answered.text);
}
