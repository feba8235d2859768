import { z } from 'zod';
import { askBeside } from './beside.ts';
import type { CliDeps } from './command.ts';
import { statesBeside } from './providers-list.ts';

const Ready = z.object({
  data: z.object({ parts: z.array(z.object({ name: z.string(), ok: z.boolean(), reason: z.string() })) }),
});

interface Finding {
  readonly ok: boolean;
  readonly text: string;
}

/** What the server on this machine says is wrong with it, and which models it leaves alone. */
export async function examineServer(deps: CliDeps): Promise<readonly Finding[]> {
  const config = deps.config();
  const said = await askBeside('/readyz', Ready, config, deps);
  if (said === undefined) return [{ ok: true, text: `server: none answers on port ${config.PORT} of this machine` }];
  // The doctor has looked at each target itself.
  const wrong = said.data.parts.filter(({ name, ok }) => !ok && name !== 'targets');
  const paused = [...(await statesBeside(deps))].flatMap(([name, state]) =>
    state === null || state.breaker === 'closed'
      ? []
      : [`model ${name}: paused until ${state.until ?? '-'} (${state.fault ?? '-'}); zhiban doctor models`],
  );
  return [
    ...(wrong.length === 0 ? [{ ok: true, text: 'server: ready' }] : []),
    ...wrong.map(({ name, reason }) => ({ ok: false, text: `${name}: ${reason}` })),
    ...paused.map((text) => ({ ok: false, text })),
  ];
}
