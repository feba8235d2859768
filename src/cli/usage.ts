import { type Command, Option } from 'commander';
import { formatCount, formatMoney } from '../cards/amounts.ts';
import { USAGE_BY, type UsageBy } from '../cards/usage.ts';
import { parseDuration } from '../incident/duration.ts';
import { type CliDeps, CommandRefused, type OnBackend } from './command.ts';
import { table } from './table.ts';

interface UsageOptions {
  readonly by: UsageBy;
  readonly since: string;
}

/** `zhiban usage [--by provider|person|model|day]`: calls to models, added up. */
export function addUsage(usage: Command, { clock, print }: CliDeps, onBackend: OnBackend): void {
  usage
    .addOption(new Option('--by <what>', 'what is added up').choices(USAGE_BY).default('provider'))
    .option('--since <duration>', 'how far back, such as 24h or 30d', '24h')
    .action(({ by, since }: UsageOptions) =>
      onBackend(async ({ accounting: { sums } }) => {
        const ms = parseDuration(since);
        if (ms === undefined) throw new CommandRefused(`--since ${since}: write a duration such as 24h or 30d.`);
        const now = clock.now();
        const rows = (await sums.rows(by, now - ms, now + 1)).map((row) => [
          by === 'model' || by === 'day' ? row.key : row.name,
          formatCount(row.calls),
          formatCount(row.failures),
          formatCount(row.tokensIn),
          formatCount(row.tokensOut),
          formatMoney(row.cost, sums.currency),
          formatCount(row.uncounted),
          (row.meanMs / 1000).toFixed(1),
        ]);
        if (rows.length === 0) print(`No model was called in the last ${since}.`);
        else for (const line of table(headOf(by), rows)) print(line);
      }),
    );
}

const headOf = (by: UsageBy): readonly string[] => [
  by.toUpperCase(),
  'CALLS',
  'FAILED',
  'TOKENS IN',
  'TOKENS OUT',
  'COST',
  'WITHOUT COST',
  'SECONDS',
];
