import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteReader } from '../../src/store/sqlite/open.ts';
import { type OpenAiSimulator, startOpenAiSimulator } from '../simulators/openai.ts';
import { type AppUnderTest, openApp } from '../support/app.ts';
import { eventually } from '../support/lark-app.ts';
import { playgroundClient } from '../support/playground-client.ts';

const KEY = 'sk-test-0123456789abcdef';
const alertOf = (pod: string) => ({ alertname: 'KubePodCrashLooping', severity: 'critical', namespace: 'prod', pod });

const ANSWER = {
  summary: 'The pod crashes because its settings are wrong.',
  causes: [{ statement: 'A setting is missing', confidence: 0.9, evidence_ids: ['E1'] }],
  steps: [],
  severity: null,
  inconclusive: false,
  not_an_issue: false,
};

interface Usage {
  readonly currency: string;
  readonly items: readonly Readonly<Record<string, unknown>>[];
}

let simulator: OpenAiSimulator;
let app: AppUnderTest;
const begin = async (): Promise<void> => {
  simulator = await startOpenAiSimulator({ apiKey: KEY });
  simulator.answer(JSON.stringify(ANSWER));
};
const end = async (): Promise<void> => {
  await app.close();
  await simulator.close();
};

const start = async (more: Readonly<Record<string, string>> = {}, clock = { now: () => Date.now() }): Promise<void> => {
  const environment = { OPENAI_BASE_URL: simulator.url, OPENAI_API_KEY: KEY, OPENAI_MODEL: 'sim-1' };
  app = await openApp({ ...environment, ...more }, { clock });
};

const send = async (method: string, path: string, body?: object) => {
  const response = await fetch(`${app.url}/api/v1/${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const { message, data } = (await response.json()) as { message: string; data: Record<string, unknown> };
  return { status: response.status, message, data };
};

const usage = async (query = '') => (await app.get(`/api/v1/usage${query}`)) as Usage;
const diagnosed = (id: string, provider: string) =>
  eventually(async () => (await app.incident(id)).diagnosis?.provider === provider);
const shortfall = async (id: string) => (await app.incident(id)).diagnosis?.origin?.['shortfall'];

/** What the bot answers in the playground, once `words` are part of it. */
async function said(text: string, words: string): Promise<string> {
  const room = playgroundClient(app.url);
  const message = await room.say(text);
  await eventually(async () => (await room.thread(message)).includes(words));
  return room.thread(message);
}

async function events(): Promise<readonly { readonly event: string; readonly data: string }[]> {
  const reader = openSqliteReader(join(app.folder, 'zhiban.db'));
  try {
    return await reader.selectFrom('events').select(['event', 'data']).orderBy('id').execute();
  } finally {
    await reader.destroy();
  }
}

describe('a call that is answered', () => {
  const time = { ahead: 0, now: () => Date.now() + time.ahead };
  beforeAll(async () => {
    await begin();
    await start({ LLM_DAILY_BUDGET: '1000000000' }, time);
  });
  afterAll(end);

  it('is kept with its tokens, and its money by the price', async () => {
    const price = { provider: 'openai', model: 'sim-1', input_per_million: 1_000_000, output_per_million: 0 };
    expect(await send('POST', 'prices', price)).toMatchObject({ status: 201, data: { currency: 'USD' } });
    await diagnosed(await app.alert(alertOf('a')), 'openai');
    const { items, currency } = await usage();
    expect([currency, items.length]).toEqual(['USD', 1]);
    const [row = {}] = items;
    expect(row).toMatchObject({ key: 'openai', calls: 1, failures: 0, uncounted: 0, cost: row['tokens_in'] });
    expect(Number(row['tokens_in'])).toBeGreaterThan(100);
    expect((await usage('?by=model')).items).toMatchObject([{ key: 'openai/sim-1', calls: 1 }]);
    expect((await usage('?by=day')).items).toMatchObject([{ calls: 1 }]);
    expect((await usage('?by=person')).items).toEqual([]);
    const metrics = await (await fetch(`${app.url}/metrics`)).text();
    expect(metrics).toMatch(/zhiban_llm_tokens_total\{provider="openai",kind="input"\} \d{3,}/);
    expect(metrics).toMatch(/zhiban_llm_cost_total\{provider="openai"\} \d{3,}/);
  });

  it('is told in the chat by /usage with what was used and what is left', async () => {
    await send('POST', 'quotas', {
      subject_kind: 'provider',
      subject: 'openai',
      period: 'month',
      measure: 'calls',
      amount: 100,
    });
    const page = await said('/usage', 'Today’s budget');
    for (const words of ['✓ plenty left', 'openai', '1 call', '1 of 100 calls', '99 left'])
      expect(page).toContain(words);
  });

  it('limits and prices are made once, changed and taken away; what is wrong is said', async () => {
    const quota = { subject_kind: 'person', subject: 'lark:ou_x', period: '5h', measure: 'tokens', amount: 5 };
    const { data } = await send('POST', 'quotas', quota);
    expect(await send('POST', 'quotas', quota)).toMatchObject({ status: 409 });
    expect(await send('PATCH', `quotas/${String(data['id'])}`, { amount: 9, threshold: 0.5 })).toMatchObject({
      status: 200,
      data: { amount: 9, threshold: 0.5, subject: 'lark:ou_x' },
    });
    for (const [body, words] of [
      [{ ...quota, subject: 'Nobody' }, 'Nobody is called Nobody; write channel:id'],
      [
        { ...quota, subject_kind: 'provider', subject: 'opnai' },
        'There is no provider opnai; known: openai, or * for each',
      ],
      [{ ...quota, period: 'year' }, 'must be one of 5h, week, month'],
      [{ ...quota, amount: -1 }, 'amount: must be at least 0'],
      [{ ...quota, threshold: 0 }, 'threshold: must be above 0'],
    ] as const)
      expect(await send('POST', 'quotas', body)).toMatchObject({
        status: 400,
        message: expect.stringContaining(words),
      });
    expect(await send('DELETE', `quotas/${String(data['id'])}`)).toMatchObject({ status: 200 });
    expect(await send('DELETE', `quotas/${String(data['id'])}`)).toMatchObject({ status: 404 });
    expect(await send('POST', 'prices', { provider: 'openai', input_per_million: 1 })).toMatchObject({ status: 400 });
    const elsewhere = { provider: 'opnai', input_per_million: 1, output_per_million: 1 };
    expect(await send('POST', 'prices', elsewhere)).toMatchObject({
      status: 400,
      message: expect.stringContaining('There is no provider opnai; known: openai.'),
    });
    expect(await send('GET', 'usage?from=2026-11-22T00:00:00Z&to=2026-11-21T00:00:00Z')).toMatchObject({ status: 400 });
  });

  it('is part of what is told at nine o’clock, once', async () => {
    const day = 86_400_000;
    const nine = Math.floor(time.now() / day) * day + 9 * 3_600_000;
    time.ahead = (nine > time.now() ? nine : nine + day) - time.now();
    await eventually(async () => (await events()).some(({ event }) => event === 'usage_leaderboard'));
    const [told] = (await events()).filter(({ event }) => event === 'usage_leaderboard');
    expect(JSON.parse(told?.data ?? '')).toMatchObject({ people: [], providers: [{ key: 'openai', calls: 1 }] });
  });
});

describe('a call that is not', () => {
  beforeEach(begin);
  afterEach(end);

  it('is kept when it fails, and the breaker that it opens is told of once', async () => {
    await start({ OPENAI_API_KEY: 'sk-test-of-somebody-else' });
    const id = await app.alert(alertOf('a'));
    await eventually(async () => (await shortfall(id)) === 'failed');
    const { items } = await usage();
    expect(items).toMatchObject([{ calls: 1, failures: 1, tokens_in: 0, tokens_out: 0, cost: 0 }]);
    expect(await events()).toMatchObject([{ event: 'breaker_open', data: expect.stringContaining('"fault":"auth"') }]);
  });

  it('is not made when today’s money is spent, and the card’s diagnosis says so', async () => {
    await start({ LLM_DAILY_BUDGET: '1' });
    await send('POST', 'prices', { provider: 'openai', input_per_million: 1_000_000, output_per_million: 1 });
    await diagnosed(await app.alert(alertOf('a')), 'openai');
    const second = await app.alert(alertOf('b'));
    await eventually(async () => (await shortfall(second)) === 'budget');
    expect((await app.incident(second)).diagnosis).toMatchObject({ provider: 'rules', origin: { awaiting: false } });
    expect(simulator.asks).toHaveLength(1);
  });

  it('is not made when the quota is used up; people are warned of it once', async () => {
    await start();
    const quota = { subject_kind: 'provider', subject: '*', period: 'week', measure: 'calls', amount: 1 };
    expect(await send('POST', 'quotas', quota)).toMatchObject({ status: 201, data: { threshold: 0.8, enabled: true } });
    await diagnosed(await app.alert(alertOf('a')), 'openai');
    for (const pod of ['b', 'c']) {
      const id = await app.alert(alertOf(pod));
      await eventually(async () => (await shortfall(id)) === 'quota');
    }
    expect(simulator.asks).toHaveLength(1);
    const told = await events();
    expect(told.map(({ event }) => event)).toEqual(['quota_warning']);
    expect(JSON.parse(told[0]?.data ?? '')).toMatchObject({
      subject: 'openai',
      band: 'red',
      period: 'week',
      used: 1,
      left: 0,
    });
  });

  it('is a question of somebody whose quota is used up: they are told which, and when it renews', async () => {
    simulator.answer('All is well.');
    await start();
    const quota = { subject_kind: 'person', subject: '*', period: 'month', measure: 'calls', amount: 1 };
    await send('POST', 'quotas', quota);
    await said('@zhiban is anything wrong?', 'All is well.');
    const { items: people } = await usage('?by=person');
    expect(people).toMatchObject([{ key: expect.not.stringContaining(':'), calls: 1 }]);
    const refused = await said('@zhiban are you sure?', 'is used up');
    expect(refused).toMatch(/Your quota for models \(this month\) is used up: 1 call of 1 call\. It renews \S+/);
    expect(simulator.asks).toHaveLength(1);
    expect((await events()).map(({ event }) => event)).toEqual(['quota_warning']);
    expect(await said('/usage', 'Your usage')).toContain('✗ used up');
  });

  it('is possible where there is a model: without one /usage says what to set', async () => {
    app = await openApp();
    expect(await said('/usage', 'No model is configured')).toContain('Set OPENAI_BASE_URL and OPENAI_MODEL');
  });
});
