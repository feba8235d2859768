import { startOpenAiSimulator } from '../../simulators/openai.ts';
import type { Line } from '../report.ts';
import { interleaved, progress, withServer } from '../rounds.ts';
import { ENVIRONMENT, measureFirstCards } from './first-card.ts';

const ROUNDS = 7;
const SECONDS = 8;
const SHARE = 1.1;
const MORE_MS = 10;

/** The first card with a model that hangs on every slot, against the same without a model, turn by turn. */
export async function models(): Promise<readonly Line[]> {
  const simulator = await startOpenAiSimulator();
  simulator.always({ silent: true });
  // What is never answered is no ask: the requests themselves are counted.
  const asked = (): number => simulator.received.filter(({ path }) => path === '/v1/chat/completions').length;
  const hanging = { OPENAI_BASE_URL: simulator.url, OPENAI_MODEL: 'sim-1' };
  const p99 = (environment: Readonly<Record<string, string>>) => () =>
    withServer('zhiban', async (server) => (await measureFirstCards(server, SECONDS)).p99, {
      environment: { ...ENVIRONMENT, ...environment },
    });
  try {
    const found = await interleaved({ without: p99({}), hanging: p99(hanging) }, ROUNDS);
    progress(`  the model was asked ${asked()} times`);
    if (asked() < ROUNDS) throw new Error('the model was not asked: nothing was compared');
    return [line(found.hanging, found.without)];
  } finally {
    await simulator.close();
  }
}

const line = (hanging: number, without: number): Line => ({
  name: 'first card with a model that hangs on every slot, p99',
  measured: `${hanging.toFixed(1)} ms`,
  reference: `${without.toFixed(1)} ms`,
  value: (hanging / without).toFixed(2),
  bound: `≤ ${SHARE} × + ${MORE_MS} ms`,
  pass: hanging <= SHARE * without + MORE_MS,
});
