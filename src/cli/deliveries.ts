import type { Command } from 'commander';
import { type CliDeps, CommandRefused, type OnBackend } from './command.ts';
import { table } from './table.ts';

const MOST_LISTED = 100;

/** `zhiban deliveries [--failed]`, `zhiban deliveries retry ID`: what was sent, and what could not be. */
export function addDeliveries(program: Command, { print }: CliDeps, onBackend: OnBackend): void {
  const deliveries = program
    .command('deliveries')
    .description('cards and messages to targets, latest first')
    .option('--failed', 'only those that were given up')
    .action(({ failed }: { readonly failed?: true }) =>
      onBackend(async (backend) => {
        const filter = failed ? { state: ['dead'] as const } : {};
        const page = await backend.deliveries.list({ ...filter, limit: MOST_LISTED });
        const names = new Map((await backend.targets.list()).map(({ id, name }) => [id, name]));
        const rows = page.items.map((one) => [
          one.id,
          new Date(one.createdAt).toISOString(),
          names.get(one.targetId) ?? one.targetId,
          one.incidentId ?? one.event,
          one.state,
          String(one.attempts),
          one.lastError ?? '',
        ]);
        for (const line of table(['ID', 'SINCE', 'TARGET', 'ABOUT', 'STATE', 'TRIES', 'ERROR'], rows)) print(line);
        if (page.total > page.items.length) print(`… ${page.total - page.items.length} more: GET /api/v1/deliveries`);
      }),
    );
  deliveries
    .command('retry')
    .argument('<id>', 'as listed')
    .description('send it after all')
    .action((id: string) =>
      onBackend(async (backend) => {
        const delivery = await backend.deliveries.retry(id);
        if (delivery === undefined) {
          throw new CommandRefused(`There is no delivery ${id}; zhiban deliveries --failed lists those that failed.`);
        }
        await backend.record('deliveries.retry', id);
        print(`${id} is ${delivery.state}; a running server sends it within seconds.`);
      }),
    );
}
