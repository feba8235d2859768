import { Command } from 'commander';
import { openBackend } from './backend.ts';
import type { CliDeps, OnBackend } from './command.ts';
import { addDeliveries } from './deliveries.ts';
import { addIntegrations } from './integrations.ts';
import { addLarkSign } from './lark/sign.ts';
import { addLarkUsage } from './lark/usage.ts';
import { addMaintenance } from './maintenance.ts';
import { addMemory } from './memory.ts';
import { addOperators } from './operators.ts';
import { addPrices } from './prices.ts';
import { addProviders } from './providers.ts';
import { addQuotas } from './quotas.ts';
import { addUsage } from './usage.ts';

/** `zhiban …`: the commands of somebody with a shell on the server, who is admin by that. */
export function createProgram(deps: CliDeps): Command {
  const program = new Command('zhiban')
    .description('An incident bot that lives in your team’s chat.')
    .version(deps.version, '-v, --version', 'print the version');
  const onBackend: OnBackend = async (work) => {
    const backend = await openBackend(deps.config(), deps.clock);
    try {
      await work(backend);
    } finally {
      await backend.close();
    }
  };
  program
    .command('serve', { isDefault: false })
    .description('serve until a signal comes (the same as npm start)')
    .action(() => deps.serve());
  addOperators(program, deps, onBackend);
  addIntegrations(program, deps, onBackend);
  addProviders(program, deps, onBackend);
  addDeliveries(program, deps, onBackend);
  addMaintenance(program, deps, onBackend);
  addMemory(program, deps, onBackend);
  addQuotas(program, deps, onBackend);
  addPrices(program, deps, onBackend);
  const usage = program.command('usage').description('what models and platforms were asked for');
  addUsage(usage, deps, onBackend);
  addLarkUsage(usage, deps, onBackend);
  addLarkSign(program.command('lark').description('Lark and Feishu'), deps);
  return program;
}
