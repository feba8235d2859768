import type { Command } from 'commander';
import { knownProvider } from '../operations/known-provider.ts';
import { type CliDeps, CommandRefused, type OnBackend } from './command.ts';
import { providersOf } from './providers.ts';
import { table } from './table.ts';

interface SetOptions {
  readonly model?: string;
  readonly currency?: string;
}

/** `zhiban prices set|list|remove`: what providers ask for a million tokens. */
export function addPrices(program: Command, deps: CliDeps, onBackend: OnBackend): void {
  const { config, print } = deps;
  const prices = program.command('prices').description('money for a million tokens');
  prices
    .command('set')
    .description('say what a model costs: zhiban prices set openai 0.5 1.5')
    .argument('<provider>', 'as LLM_PROVIDERS names it: openai, openai:deepseek')
    .argument('<input>', 'for a million tokens of prompts')
    .argument('<output>', 'for a million tokens of answers')
    .option('--model <name>', 'of this model alone; any without a price of its own when left out')
    .option('--currency <code>', 'LLM_CURRENCY when left out')
    .action(
      (name: string, input: string, output: string, { model = '', currency = config().LLM_CURRENCY }: SetOptions) =>
        onBackend(async (backend) => {
          const read = await knownProvider(name, providersOf(backend, deps));
          if ('fault' in read) throw new CommandRefused(`${read.fault}.`);
          const { name: provider } = read;
          if (!/^[A-Z]{3}$/.test(currency))
            throw new CommandRefused(`--currency ${currency}: write three capital letters, such as USD or CNY.`);
          const money = { inputPerMillion: moneyOf(input), outputPerMillion: moneyOf(output), currency };
          const set = await backend.accounting.prices.set({ provider, model, ...money });
          await backend.record('prices.set', set.id);
          const of = model === '' ? provider : `${provider} ${model}`;
          print(`${of}: ${currency} ${input} in, ${currency} ${output} out, for a million tokens, from now on.`);
        }),
    );
  prices
    .command('list')
    .description('all of them')
    .action(() =>
      onBackend(async (backend) => {
        const rows = (await backend.accounting.prices.list()).map((price) => [
          price.id,
          price.provider,
          price.model === '' ? '*' : price.model,
          String(price.inputPerMillion),
          String(price.outputPerMillion),
          price.currency,
        ]);
        if (rows.length === 0) print('There are no prices. For example: zhiban prices set openai 0.5 1.5');
        else for (const line of table(['ID', 'PROVIDER', 'MODEL', 'INPUT', 'OUTPUT', 'CURRENCY'], rows)) print(line);
      }),
    );
  prices
    .command('remove')
    .argument('<id>', 'as list shows it')
    .description('forget it; what was counted by it stays counted')
    .action((id: string) =>
      onBackend(async (backend) => {
        if (!(await backend.accounting.prices.remove(id)))
          throw new CommandRefused(`There is no price ${id}; zhiban prices list shows all.`);
        await backend.record('prices.remove', id);
        print(`Price ${id} is removed; what was counted by it stays counted.`);
      }),
    );
}

function moneyOf(text: string): number {
  const amount = Number(text);
  if (text.trim() === '' || !Number.isFinite(amount) || amount < 0 || amount > 1e9)
    throw new CommandRefused(`${text} is no price; write a number such as 0.5.`);
  return amount;
}
