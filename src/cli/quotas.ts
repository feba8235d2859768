import { type Command, Argument } from 'commander';
import { formatAmount } from '../cards/amounts.ts';
import { usageTexts } from '../cards/texts/usage.ts';
import { EACH, QUOTA_MEASURES, QUOTA_PERIODS, QUOTA_SUBJECTS, type Quota } from '../cards/usage.ts';
import { bandWords } from '../cards/usage-card.ts';
import { quotaSubject } from '../operations/quota-subject.ts';
import type { Backend } from './backend.ts';
import { type CliDeps, CommandRefused, type OnBackend } from './command.ts';
import { providersOf } from './providers.ts';
import { table } from './table.ts';

interface AddOptions {
  readonly threshold: string;
}

const HEAD = ['ID', 'KIND', 'SUBJECT', 'PERIOD', 'ALLOWED', 'USED', 'STATE', 'RENEWS'];

/** `zhiban quotas add|list|remove`: what people and models may use. */
export function addQuotas(program: Command, deps: CliDeps, onBackend: OnBackend): void {
  const { print } = deps;
  const quotas = program.command('quotas').description('what a person or a model may use in a period');
  quotas
    .command('add')
    .description('limit a person or a model: zhiban quotas add person "*" week tokens 200000')
    .addArgument(new Argument('<kind>', 'whom it limits').choices(QUOTA_SUBJECTS))
    .argument('<subject>', 'a name, channel:id, a provider such as openai:deepseek, or * for each')
    .addArgument(new Argument('<period>', 'the time it is about').choices(QUOTA_PERIODS))
    .addArgument(new Argument('<measure>', 'what is counted').choices(QUOTA_MEASURES))
    .argument('<amount>', 'how much; cost in LLM_CURRENCY')
    .option('--threshold <share>', 'people are warned from this share on', '0.8')
    .action(
      (
        subjectKind: Quota['subjectKind'],
        subject: string,
        period: Quota['period'],
        measure: Quota['measure'],
        amount: string,
        options: AddOptions,
      ) =>
        onBackend(async (backend) => {
          const limit = { amount: amountOf(amount), threshold: thresholdOf(options.threshold) };
          await add({ subjectKind, subject, period, measure, ...limit, enabled: true }, backend, deps);
        }),
    );
  quotas
    .command('list')
    .description('all of them, and how they stand now')
    .action(() => onBackend((backend) => list(backend, deps)));
  quotas
    .command('remove')
    .argument('<id>', 'as list shows it')
    .description('limit it no more')
    .action((id: string) =>
      onBackend(async (backend) => {
        if (!(await backend.accounting.quotas.remove(id)))
          throw new CommandRefused(`There is no quota ${id}; zhiban quotas list shows all.`);
        await backend.record('quotas.remove', id);
        print(`Quota ${id} is removed.`);
      }),
    );
}

async function add(quota: Omit<Quota, 'id' | 'createdAt'>, backend: Backend, deps: CliDeps): Promise<void> {
  const ports = { operators: backend.operators, providers: providersOf(backend, deps) };
  const read = await quotaSubject(quota.subjectKind, quota.subject, ports);
  if ('fault' in read) throw new CommandRefused(`${read.fault}.`);
  const added = await backend.accounting.quotas.add({ ...quota, subject: read.subject });
  if (added === undefined) {
    const { measure, subject, period } = quota;
    throw new CommandRefused(
      `There is a quota of ${measure} for ${subject} and ${period} already; zhiban quotas list shows its id, remove it first.`,
    );
  }
  await backend.record('quotas.create', added.id);
  deps.print(`Added ${added.id}; a running server minds it within seconds.`);
}

async function list({ accounting, operators }: Backend, { config, print }: CliDeps): Promise<void> {
  const { LLM_CURRENCY: currency } = config();
  const t = usageTexts('en-US');
  const names = new Map((await operators.list()).map(({ id, name }) => [id, name]));
  const rows = await Promise.all(
    (await accounting.quotas.list()).map(async (quota) => {
      const { id, subjectKind, subject, period, measure, amount, enabled } = quota;
      const words = (n: number): string => formatAmount(n, measure, currency, t);
      const standing = subject === EACH || !enabled ? undefined : await accounting.standing(quota);
      const state = standing === undefined ? (enabled ? '-' : 'off') : bandWords(standing.band, standing.left, t);
      const renews = standing === undefined ? '-' : new Date(standing.renewsAt).toISOString();
      const used = standing === undefined ? '-' : words(standing.used);
      return [id, subjectKind, names.get(subject) ?? subject, period, words(amount), used, state, renews];
    }),
  );
  if (rows.length === 0) print('There are no quotas. For example: zhiban quotas add person "*" week tokens 200000');
  else for (const line of table(HEAD, rows)) print(line);
}

function amountOf(text: string): number {
  const amount = Number(text);
  if (text.trim() === '' || !Number.isFinite(amount) || amount < 0 || amount > 1e15)
    throw new CommandRefused(`${text} is no amount; write a number such as 200000 or 12.5.`);
  return amount;
}

function thresholdOf(text: string): number {
  const share = Number(text);
  if (!(share > 0 && share <= 1)) throw new CommandRefused(`--threshold ${text}: write a share such as 0.8.`);
  return share;
}
