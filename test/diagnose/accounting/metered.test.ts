import { describe, expect, it } from 'vitest';
import { estimateTokens } from '../../../src/diagnose/providers/estimate.ts';
import { ModelFailed, type ModelFault } from '../../../src/diagnose/providers/model.ts';
import { withTrace } from '../../../src/telemetry/log.ts';
import { createWorld, modelThat, price, reply, request } from './world.ts';

const PROMPT = estimateTokens('You are asked.') + estimateTokens('Why is checkout slow?');
const ABOUT = { purpose: 'diagnose', incidentId: 'INC-20261122-001', promptVersion: 'diagnose.v1' } as const;
const failing = (fault: ModelFault, said = '') =>
  modelThat(async ({ onText }) => {
    if (said !== '') onText?.(said);
    throw new ModelFailed('no', fault);
  });

describe('a metered model', () => {
  it('leaves one row for an answer: who, what for, tokens, money by the price, time and trace', async () => {
    const { metered, calls, metrics } = createWorld({ prices: [price()] });
    const model = metered(
      modelThat(async () => reply()),
      ABOUT,
    );
    const answer = await withTrace({ trace_id: 't1' }, () => model.complete(request()));
    expect(answer).toEqual(reply());
    expect(calls).toEqual([
      {
        at: expect.any(Number),
        provider: 'openai',
        model: 'sim-1',
        purpose: 'diagnose',
        incidentId: 'INC-20261122-001',
        promptVersion: 'diagnose.v1',
        tokensIn: 100,
        tokensOut: 50,
        cost: { amount: 0.0007, currency: 'USD' },
        latencyMs: expect.any(Number),
        outcome: 'ok',
        traceId: 't1',
      },
    ]);
    const text = await metrics.registry.metrics();
    expect(text).toContain('zhiban_llm_tokens_total{provider="openai",kind="input"} 100');
    expect(text).toContain('zhiban_llm_tokens_total{provider="openai",kind="output"} 50');
    expect(text).toContain('zhiban_llm_cost_total{provider="openai"} 0.0007');
  });

  it('keeps nothing of the prompt or the answer', async () => {
    const { metered, calls } = createWorld();
    const secret = 'sk-live-0123456789';
    const model = metered(
      modelThat(async () => reply({ text: `it is ${secret}` })),
      ABOUT,
    );
    await model.complete(request({ system: secret, messages: [{ role: 'user', text: secret }] }));
    expect(JSON.stringify(calls)).not.toContain(secret);
  });

  it('estimates each number that the provider does not count', async () => {
    const { metered, calls } = createWorld();
    const usages = [{}, { tokensIn: 7 }, { tokensOut: 9 }, { tokensIn: Number.NaN, tokensOut: -3 }];
    for (const usage of usages)
      await metered(
        modelThat(async () => reply({ usage })),
        ABOUT,
      ).complete(request());
    const json = metered(
      modelThat(async () => reply({ usage: {}, text: '', json: { a: 'b'.repeat(96) } })),
      ABOUT,
    );
    await json.complete(request());
    expect(calls.map(({ tokensIn, tokensOut }) => [tokensIn, tokensOut])).toEqual([
      [PROMPT, 2],
      [7, 2],
      [PROMPT, 9],
      [PROMPT, 2],
      [PROMPT, 52],
    ]);
  });

  it('counts tools, calls of tools and schemas as part of what was sent', async () => {
    const { metered, calls } = createWorld();
    const model = metered(
      modelThat(async () => reply({ usage: {} })),
      ABOUT,
    );
    const toolCalls = [{ id: '1', name: 'logs', input: { words: 'x'.repeat(100) } }];
    await model.complete(request({ messages: [{ role: 'assistant', text: '', toolCalls }] }));
    await model.complete(request({ tools: [{ name: 'logs', description: 'y'.repeat(100), parameters: {} }] }));
    expect(calls.map(({ tokensIn }) => tokensIn > PROMPT + 40)).toEqual([true, true]);
  });

  it.each([
    ['unavailable', '', 0, 0],
    ['rate_limited', '', 0, 0],
    ['auth', '', 0, 0],
    ['unavailable', 'half of', PROMPT, 4],
    ['stream_incomplete', 'half of', PROMPT, 4],
    ['timeout_total', '', PROMPT, 0],
    ['truncated', 'x'.repeat(100), PROMPT, 50],
    ['cancelled', 'half of', PROMPT, 4],
  ] as const)(
    'leaves a row for %s after “%s”, and fails as the model did',
    async (fault, said, tokensIn, tokensOut) => {
      const { metered, calls } = createWorld();
      const heard: string[] = [];
      const failed = metered(failing(fault, said), ABOUT).complete(
        request({ onText: (text) => void heard.push(text) }),
      );
      await expect(failed).rejects.toMatchObject({ fault });
      expect(calls).toMatchObject([{ outcome: fault, tokensIn, tokensOut }]);
      expect(heard).toEqual(said === '' ? [] : [said]);
    },
  );

  it('leaves a row without tokens when nobody wanted the answer any more before it was asked', async () => {
    const { metered, calls } = createWorld();
    const failed = metered(failing('cancelled'), ABOUT).complete(request({ signal: AbortSignal.abort() }));
    await expect(failed).rejects.toMatchObject({ fault: 'cancelled' });
    expect(calls).toMatchObject([{ outcome: 'cancelled', tokensIn: 0, tokensOut: 0 }]);
  });

  it('loses no answer and no failure when nothing can be stored', async () => {
    const world = createWorld({ record: () => Promise.reject(new Error('disk full')) });
    expect(
      await world
        .metered(
          modelThat(async () => reply()),
          ABOUT,
        )
        .complete(request()),
    ).toEqual(reply());
    await expect(world.metered(failing('refused'), ABOUT).complete(request())).rejects.toMatchObject({
      fault: 'refused',
    });
  });

  it.each([
    { tokensIn: -5000, tokensOut: 0 },
    { tokensIn: 0.2, tokensOut: Number.NEGATIVE_INFINITY },
  ])('lets no endpoint slip past a quota by counting %o', async (usage) => {
    const { metered, calls } = createWorld();
    await metered(
      modelThat(async () => reply({ usage })),
      ABOUT,
    ).complete(request());
    expect(calls).toMatchObject([{ tokensIn: PROMPT, tokensOut: 2 }]);
  });

  it.each([
    { amount: 1e300, currency: 'USD' },
    { amount: -3, currency: 'USD' },
    { amount: Number.NaN, currency: 'USD' },
    { amount: 0.5, currency: 'US\0D' },
    { amount: 0.5, currency: '<at id=all></at>' },
  ])('goes by the price where an endpoint names money that can be none: %o', async (cost) => {
    const { metered, calls } = createWorld({ prices: [price()] });
    await metered(
      modelThat(async () => reply({ usage: { tokensIn: 100, tokensOut: 50, cost } })),
      ABOUT,
    ).complete(request());
    expect(calls).toMatchObject([{ cost: { amount: 0.0007, currency: 'USD' } }]);
  });

  it('takes the provider’s own money first, then the model’s price, then the provider’s', async () => {
    const { metered, calls } = createWorld({
      prices: [price(), price({ model: 'big', inputPerMillion: 20, currency: 'CNY' }), price({ provider: 'dify' })],
    });
    const cost = { amount: 0.5, currency: 'CNY' };
    const replies = [reply({ usage: { tokensIn: 1, tokensOut: 1, cost } }), reply({ model: 'big' }), reply()];
    for (const one of replies)
      await metered(
        modelThat(async () => one),
        ABOUT,
      ).complete(request());
    const ollama = { ...modelThat(async () => reply()), name: 'ollama' };
    await metered(ollama, ABOUT).complete(request());
    expect(calls.map((one) => one.cost)).toEqual([
      cost,
      { amount: 0.0025, currency: 'CNY' },
      { amount: 0.0007, currency: 'USD' },
      undefined,
    ]);
  });

  it('knows a person by one id whichever was used, and a failed call by the model that answered before', async () => {
    const { metered, calls } = createWorld();
    const about = { purpose: 'answer', person: { id: 'lark:ou_a', name: 'Ali\u0000ce\u202e' } } as const;
    await metered(
      modelThat(async () => reply({ model: 'sim\u00001' })),
      about,
    ).complete(request());
    await metered(failing('timeout_idle'), about)
      .complete(request())
      .catch(() => undefined);
    expect(calls).toMatchObject([
      { person: { id: 'op1', name: 'Ali ce' }, model: 'sim 1' },
      { person: { id: 'op1' }, model: 'sim 1', outcome: 'timeout_idle' },
    ]);
  });

  it('stays the model it was otherwise', () => {
    const model = { ...modelThat(async () => reply()), feedback: async () => undefined };
    const { complete: _complete, ...rest } = createWorld().metered(model, ABOUT);
    expect(model).toMatchObject(rest);
  });
});
