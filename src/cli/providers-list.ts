import { z } from 'zod';
import type { ProviderView, Providers } from '../operations/provider.ts';
import { askBeside } from './beside.ts';
import type { CliDeps } from './command.ts';
import { table } from './table.ts';

/** One line each, in the order in which they are asked; how they are, as a running server says. */
export async function listProviders(providers: Providers, deps: CliDeps): Promise<void> {
  const views = await providers.list();
  const states = await statesBeside(deps);
  const rows = views.map((view) => [
    view.position === undefined ? '-' : String(view.position),
    view.name,
    view.kind,
    view.model ?? '-',
    view.baseUrl,
    view.from,
    stateOf(view, states.get(view.name)),
  ]);
  for (const line of table(['#', 'NAME', 'KIND', 'MODEL', 'ADDRESS', 'FROM', 'STATE'], rows)) deps.print(line);
  for (const name of await providers.unknown()) deps.print(`LLM_PROVIDERS names ${name}, which no provider is called.`);
}

const Beside = z.object({
  data: z.object({
    items: z.array(
      z.object({
        name: z.string(),
        state: z
          .object({ breaker: z.string(), busy: z.number(), fault: z.string().nullable(), until: z.string().nullable() })
          .nullable(),
      }),
    ),
  }),
});
type BesideState = z.infer<typeof Beside>['data']['items'][number]['state'];

/** Only the server knows whom it leaves alone. */
export async function statesBeside(deps: CliDeps): Promise<ReadonlyMap<string, BesideState>> {
  const said = await askBeside('/api/v1/providers?limit=200', Beside, deps.config(), deps);
  return new Map(said?.data.items.map(({ name, state }) => [name, state]));
}

function stateOf({ enabled, problem, position }: ProviderView, beside: BesideState | undefined): string {
  if (!enabled) return 'disabled';
  if (problem !== undefined) return problem;
  if (position === undefined || beside === undefined || beside === null) return 'enabled';
  if (beside.breaker === 'closed') return beside.busy === 0 ? 'ready' : `ready, ${beside.busy} under way`;
  return `paused until ${beside.until ?? '-'}: ${beside.fault ?? ''}`;
}
