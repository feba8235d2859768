import type { Command } from 'commander';
import { allowanceFact, readAllowanceFact } from '../../channels/lark/allowance-fact.ts';
import { standingOf } from '../../channels/lark/meter.ts';
import { createMonths } from '../../channels/lark/months.ts';
import type { Config } from '../../config.ts';
import { readFact } from '../../store/facts.ts';
import type { Backend } from '../backend.ts';
import { type CliDeps, CommandRefused, type OnBackend } from '../command.ts';
import { table } from '../table.ts';
import { LARK_TEXTS } from './texts.ts';

const MOST_MONTHS = 13;

/** `zhiban usage lark`: how many calls of the platform this month has seen, and the months before. */
export function addLarkUsage(usage: Command, deps: CliDeps, onBackend: OnBackend): void {
  usage
    .command('lark')
    .description('API calls of Lark by month, and how they stand against LARK_MONTHLY_CALLS')
    .action(() => onBackend((backend) => showUsage(backend, deps.config(), deps)));
}

async function showUsage({ apiCalls, database }: Backend, config: Config, { clock, print }: CliDeps): Promise<void> {
  const { LARK_APP_ID: appId, LARK_MONTHLY_CALLS: allowance, LOCALE } = config;
  const t = LARK_TEXTS[LOCALE];
  if (appId === undefined) throw new CommandRefused(t.config.noApp);
  const month = createMonths().of(clock.now());
  const months = await apiCalls.months(`lark:${appId}`, MOST_MONTHS);
  const calls = months.find((one) => one.month === month)?.calls ?? 0;
  print(t.usage.now(month, calls, allowance));
  if (await isRefused(appId, month, database)) print(t.usage.refused);
  else print(allowance === undefined ? t.usage.noAllowance : t.usage.standing[standingOf(calls, allowance)]);
  const earlier = months.filter((one) => one.month !== month);
  if (earlier.length === 0) return;
  print('');
  for (const line of table(
    t.usage.head,
    earlier.map((one) => [one.month, String(one.calls)]),
  ))
    print(line);
}

/** What a running server remembers of the platform's own word, which counts more than our count. */
async function isRefused(appId: string, month: string, { reader, engine }: Backend['database']): Promise<boolean> {
  return readAllowanceFact(await readFact({ db: reader, engine }, allowanceFact(appId)))?.month === month;
}
