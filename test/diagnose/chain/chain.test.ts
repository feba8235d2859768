import { describe, expect, it } from 'vitest';
import { type Opening, createChain } from '../../../src/diagnose/chain/chain.ts';
import { type Model, ModelFailed, type ModelFault } from '../../../src/diagnose/providers/model.ts';
import { createLog } from '../../../src/telemetry/log.ts';
import { createMetrics } from '../../../src/telemetry/metrics.ts';

const never = (): never => {
  throw new Error('not asked in this test');
};

const model = (name: string, concurrency = 4): Model => ({
  name,
  kind: 'openai',
  timeoutMs: 1000,
  concurrency,
  promptTokens: 1000,
  formats: ['prompt'],
  tools: false,
  probe: never,
  complete: never,
});

function chainOf(models: readonly Model[], slotWaitMs = 50) {
  let now = 0;
  const openings: Opening[] = [];
  const metrics = createMetrics();
  const chain = createChain({
    models: () => models,
    clock: { now: () => now },
    random: () => 0,
    log: createLog('silent', []),
    metrics,
    onOpen: (opening) => openings.push(opening),
    slotWaitMs,
  });
  const pass = (ms: number): void => {
    now += ms;
  };
  return { chain, openings, metrics, pass };
}

const paid = async () => 'yes' as const;
const signal = new AbortController().signal;
const failing =
  (faults: Readonly<Record<string, ModelFault>>, asked: string[] = []) =>
  async ({ name }: Model): Promise<string> => {
    asked.push(name);
    const fault = faults[name];
    if (fault !== undefined) throw new ModelFailed(`${name} failed`, fault);
    return `${name} says`;
  };

describe('the chain of providers', () => {
  it('asks in the configured order and takes the first answer', async () => {
    const { chain } = chainOf([model('a'), model('b'), model('c')]);
    const asked: string[] = [];
    const got = await chain.ask(failing({ a: 'timeout_total' }, asked), paid, signal);
    expect(got).toMatchObject({ ok: true, value: 'b says' });
    expect(asked).toEqual(['a', 'b']);
  });

  it('says why nobody answered, by the first provider', async () => {
    const { chain } = chainOf([model('a'), model('b')]);
    const got = await chain.ask(failing({ a: 'timeout_idle', b: 'auth' }), paid, signal);
    expect(got).toMatchObject({
      ok: false,
      shortfall: 'timeout',
      tried: [{ provider: 'a' }, { provider: 'b', why: 'auth' }],
    });
    expect(await chainOf([]).chain.ask(failing({}), paid, signal)).toMatchObject({ ok: false, tried: [] });
  });

  it('leaves a provider alone after five failures in a row, tells it once, and comes back with one probe', async () => {
    const { chain, openings, pass, metrics } = chainOf([model('a'), model('b')]);
    const asked: string[] = [];
    for (let n = 0; n < 8; n += 1) await chain.ask(failing({ a: 'bad_response' }, asked), paid, signal);
    expect(asked.filter((name) => name === 'a')).toHaveLength(5);
    expect(openings).toEqual([{ provider: 'a', fault: 'bad_response', until: 60_000 }]);
    expect(await metrics.breakerState.get()).toMatchObject({
      values: expect.arrayContaining([expect.objectContaining({ value: 2 })]),
    });
    pass(60_000);
    const both = [chain.ask(failing({}, asked), paid, signal), chain.ask(failing({}, asked), paid, signal)];
    const answers = await Promise.all(both);
    expect(answers.map((answer) => answer.ok && answer.value)).toEqual(['a says', 'b says']);
    expect(chain.states()[0]).toMatchObject({ provider: 'a', state: 'closed' });
  });

  it('tries the only provider once more when it merely stumbled', async () => {
    const { chain } = chainOf([model('a')]);
    let calls = 0;
    const got = await chain.ask(
      async () => {
        calls += 1;
        if (calls === 1) throw new ModelFailed('stumbled', 'unavailable');
        return 'up again';
      },
      paid,
      signal,
    );
    expect(got).toMatchObject({ ok: true, value: 'up again' });
    expect(calls).toBe(2);
  });

  it('never has more calls at one provider than it takes', async () => {
    const { chain } = chainOf([model('a', 2)], 5000);
    let busy = 0;
    let most = 0;
    const call = async (): Promise<number> => {
      most = Math.max(most, (busy += 1));
      await new Promise((resolve) => setTimeout(resolve, 5));
      busy -= 1;
      return most;
    };
    await Promise.all(Array.from({ length: 12 }, () => chain.ask(call, paid, signal)));
    expect(most).toBe(2);
  });

  it('goes on to the next when no slot is free in time', async () => {
    const { chain } = chainOf([model('a', 1), model('b')], 20);
    const end = new AbortController();
    const hung = chain.ask(
      (_model, stop) =>
        new Promise((_done, fail) =>
          stop.addEventListener('abort', () => fail(new ModelFailed('stopped', 'cancelled'))),
        ),
      paid,
      end.signal,
    );
    await expect(chain.ask(failing({}), paid, signal)).resolves.toMatchObject({ ok: true, value: 'b says' });
    end.abort();
    await expect(hung).rejects.toThrow('This operation was aborted');
    await expect(chain.ask(failing({}), paid, signal)).resolves.toMatchObject({ ok: true, value: 'a says' });
  });

  it('asks nobody that is not paid for', async () => {
    const { chain } = chainOf([model('a'), model('b')]);
    const asked: string[] = [];
    const afford = async ({ name }: Model) => (name === 'a' ? ('quota' as const) : ('budget' as const));
    const got = await chain.ask(failing({}, asked), afford, signal);
    expect(got).toMatchObject({ ok: false, shortfall: 'quota' });
    expect(asked).toEqual([]);
  });

  it('asks a provider again at once when somebody mended it', async () => {
    const { chain } = chainOf([model('a')]);
    await chain.ask(failing({ a: 'auth' }), paid, signal);
    expect(chain.states()[0]).toMatchObject({ state: 'open', fault: 'auth' });
    chain.forgive('a');
    await expect(chain.ask(failing({}), paid, signal)).resolves.toMatchObject({ ok: true });
  });
});
