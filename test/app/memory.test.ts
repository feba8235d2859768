import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type OpenAiSimulator, startOpenAiSimulator } from '../simulators/openai.ts';
import { type AppUnderTest, openApp } from '../support/app.ts';
import { eventually } from '../support/lark-app.ts';

const labels = (pod: string) => ({ alertname: 'CheckoutOdd', severity: 'critical', pod, service: 'checkout' });

/** One cause, as it is worded each time, and another that is less likely. */
const WORDINGS = [
  'The exchange rates of checkout are stale',
  'Stale exchange rates are used by checkout',
  'checkout works with exchange rates that are stale',
];
const OTHER = 'A partner rounds amounts differently';

const answer = (statement: string): string =>
  JSON.stringify({
    summary: 'checkout gives odd amounts.',
    causes: [
      { statement, confidence: 0.8, evidence_ids: ['E1'] },
      { statement: OTHER, confidence: 0.6, evidence_ids: ['E1'] },
    ],
    steps: [],
    severity: null,
    inconclusive: false,
    not_an_issue: false,
  });

let simulator: OpenAiSimulator;
let app: AppUnderTest;
beforeEach(async () => {
  simulator = await startOpenAiSimulator();
  simulator.answer(() => ({ text: answer(WORDINGS[simulator.asks.length - 1] ?? '') }));
  app = await openApp({ OPENAI_BASE_URL: simulator.url, OPENAI_API_KEY: 'sk-test-0123456789', OPENAI_MODEL: 'sim-1' });
});
afterEach(async () => {
  await app.close();
  await simulator.close();
});

const causes = async (id: string) => (await app.incident(id)).diagnosis?.causes.map(({ statement }) => statement) ?? [];
const answered = (id: string, times: number) =>
  eventually(
    async () => simulator.asks.length === times && (await app.incident(id)).diagnosis?.provider === 'openai',
    8000,
  );

describe('a model’s cause that a person rejected', () => {
  it('is not given again in other words, neither here nor first in an incident like it, and the model is told why', async () => {
    const first = await app.alert(labels('checkout-a'), { summary: 'Amounts of orders are odd' });
    await answered(first, 1);
    expect(await causes(first)).toEqual([WORDINGS[0], OTHER]);
    await app.act(first, 'reject_diagnosis', { reason: 'rates were refreshed at nine' });
    await app.act(first, 'rediagnose');
    await answered(first, 2);
    await eventually(async () => !(await causes(first)).includes(WORDINGS[0] ?? ''));
    expect(await causes(first)).toEqual([OTHER]);
    expect(simulator.asks[1]?.prompt).toMatch(
      /REJECTED for this incident: The exchange rates of checkout are stale; reason: rates were refreshed at nine/,
    );

    await app.alert(labels('checkout-a'), {}, 'resolved');
    const second = await app.alert(
      { ...labels('checkout-b'), alertname: 'OrderAmounts' },
      { summary: 'Orders of checkout have odd amounts' },
    );
    expect(second).not.toBe(first);
    await answered(second, 3);
    expect((await causes(second)).slice(0, 2)).toEqual([OTHER, WORDINGS[2]]);
    expect(simulator.asks[2]?.prompt).toMatch(/REJECTED for (?!this incident).{1,120}: The exchange rates of checkout/);
  });
});
