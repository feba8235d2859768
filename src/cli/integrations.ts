import { randomBytes } from 'node:crypto';
import type { Command } from 'commander';
import { SOURCES, sourceNamed } from '../ingest/detect.ts';
import { parseDuration } from '../incident/duration.ts';
import { integrationNameFault } from '../operations/integration-name.ts';
import type { Backend } from './backend.ts';
import { type CliDeps, CommandRefused, type OnBackend } from './command.ts';
import { table } from './table.ts';

interface AddOptions {
  readonly source?: string;
  readonly expires?: string;
  readonly hmac?: true;
}

/** `zhiban integrations add|list|disable|enable|rotate`: senders of alerts with credentials of their own. */
export function addIntegrations(program: Command, deps: CliDeps, onBackend: OnBackend): void {
  const { print } = deps;
  const integrations = program.command('integrations').description('senders of alerts with their own credential');
  integrations
    .command('add')
    .argument('<name>', 'small letters, digits, . _ -')
    .description('name a sender and make its key, which is shown once')
    .option('--source <format>', 'the format it always sends, such as alertmanager')
    .option('--expires <duration>', 'the credential ends after this, such as 90d')
    .option('--hmac', 'make a secret for signed requests as well')
    .action((name: string, options: AddOptions) => onBackend((backend) => add(name, options, backend, deps)));
  integrations
    .command('list')
    .description('all of them; keys are never shown again')
    .action(() =>
      onBackend(async (backend) => {
        const now = deps.clock.now();
        const rows = (await backend.integrations.list()).map(({ name, source, expiresAt, disabledAt, lastUsedAt }) => [
          name,
          source ?? '-',
          disabledAt !== undefined ? 'disabled' : expiresAt !== undefined && expiresAt <= now ? 'expired' : 'active',
          expiresAt === undefined ? '-' : new Date(expiresAt).toISOString(),
          lastUsedAt === undefined ? 'never' : new Date(lastUsedAt).toISOString(),
        ]);
        for (const line of table(['NAME', 'SOURCE', 'STATE', 'EXPIRES', 'LAST USED'], rows)) print(line);
      }),
    );
  for (const verb of ['disable', 'enable'] as const) {
    integrations
      .command(verb)
      .argument('<name>')
      .description(verb === 'disable' ? 'refuse its alerts from now on' : 'accept its alerts again')
      .action((name: string) =>
        onBackend(async (backend) => {
          const { id } = await found(name, backend);
          await backend.integrations.disable(id, verb === 'disable');
          await backend.record('integrations.change', id);
          print(`${name} is ${verb}d.`);
        }),
      );
  }
  integrations
    .command('rotate')
    .argument('<name>')
    .description('make a new key; the old one works on for a while')
    .option('--grace <duration>', 'how long the old key works on', '24h')
    .action((name: string, { grace }: { readonly grace: string }) =>
      onBackend(async (backend) => {
        const { id } = await found(name, backend);
        const rotated = await backend.integrations.rotate(id, grace === '0' ? 0 : duration(grace, '--grace'));
        await backend.record('integrations.rotate', id);
        print(`New key of ${name}, shown only now: ${rotated?.key ?? ''}`);
        print(`The old key works on for ${grace}.`);
      }),
    );
}

async function add(
  name: string,
  { source, expires, hmac }: AddOptions,
  backend: Backend,
  { clock, print, config }: CliDeps,
) {
  const fault = integrationNameFault(name);
  if (fault !== undefined) throw new CommandRefused(`${name}: ${fault}.`);
  if (source !== undefined && sourceNamed(source) === undefined) {
    throw new CommandRefused(`${source} is no format we know; one of ${SOURCES.map((one) => one.name).join(', ')}.`);
  }
  const hmacSecret = hmac ? randomBytes(32).toString('base64url') : undefined;
  const made = await backend.integrations.add({
    name,
    ...(source === undefined ? {} : { source }),
    ...(expires === undefined ? {} : { expiresAt: clock.now() + duration(expires, '--expires') }),
    ...(hmacSecret === undefined ? {} : { hmacSecret }),
  });
  if (made === undefined) {
    throw new CommandRefused(
      `There is an integration ${name} already; zhiban integrations rotate ${name} makes a new key.`,
    );
  }
  await backend.record('integrations.create', made.integration.id);
  print(`Address: ${config().PUBLIC_URL}/api/alert/integration/${name}`);
  print(`Key, shown only now: ${made.key}   (Authorization: Bearer …, or X-API-Key)`);
  if (hmacSecret !== undefined) print(`HMAC secret, shown only now: ${hmacSecret}`);
}

async function found(name: string, backend: Backend) {
  const one = await backend.integrations.find(name);
  if (one === undefined) {
    throw new CommandRefused(`There is no integration ${name}; zhiban integrations list names all.`);
  }
  return one;
}

function duration(text: string, option: string): number {
  const ms = parseDuration(text);
  if (ms === undefined) throw new CommandRefused(`${option} ${text}: write a duration such as 90s, 10m, 24h or 90d.`);
  return ms;
}
