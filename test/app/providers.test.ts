import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { createApp } from '../../src/app.ts';
import { type OpenAiSimulator, startOpenAiSimulator } from '../simulators/openai.ts';
import { type AppUnderTest, openApp } from '../support/app.ts';
import { eventually } from '../support/lark-app.ts';

const KEY = 'sk-test-0123456789abcdef';
const ANSWER = {
  summary: 'A setting is wrong.',
  causes: [{ statement: 'A setting is missing', confidence: 0.9, evidence_ids: ['E1'] }],
  steps: [],
  severity: null,
  inconclusive: false,
  not_an_issue: false,
};

interface ProviderJson {
  readonly id: string;
  readonly name: string;
  readonly from: string;
  readonly enabled: boolean;
  readonly position: number | null;
  readonly problem: string | null;
  readonly state: { readonly breaker: string; readonly fault: string | null } | null;
}

let simulator: OpenAiSimulator;
let app: AppUnderTest;
beforeEach(async () => {
  simulator = await startOpenAiSimulator({ apiKey: KEY });
  simulator.answer(JSON.stringify(ANSWER));
});
afterEach(async () => {
  await app.close();
  await simulator.close();
});

const call = async (method: string, path: string, body?: object) => {
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const response = await fetch(`${app.url}/api/v1/providers${path}`, { method, ...sent });
  const said = (await response.json()) as { message: string; data: ProviderJson };
  return { status: response.status, said: JSON.stringify(said), message: said.message, data: said.data };
};
const list = async (): Promise<readonly ProviderJson[]> =>
  ((await app.get('/api/v1/providers')) as { items: ProviderJson[] }).items;
const row = (name: string, more: object = {}) => ({
  name,
  kind: 'openai',
  base_url: simulator.url,
  model: 'sim-1',
  api_key: KEY,
  ...more,
});
let pods = 0;
const alert = (): Promise<string> => {
  pods += 1;
  return app.alert({ alertname: 'KubePodCrashLooping', severity: 'warning', namespace: 'prod', pod: `pay-${pods}` });
};
const provider = async (id: string) => (await app.incident(id)).diagnosis?.provider;

describe('a provider that a row names', () => {
  it('is asked without a new start, until it is switched off; its key is never read back', async () => {
    app = await openApp();
    const before = await alert();
    await eventually(async () => (await provider(before)) === 'rules');
    const made = await call('POST', '', row('near'));
    expect(made).toMatchObject({ status: 201, data: { name: 'near', has_api_key: true, position: 1, from: 'row' } });
    expect(made.said).not.toContain(KEY);
    const asked = await alert();
    await eventually(async () => (await provider(asked)) === 'near');
    const moved = await call('PATCH', `/${made.data.id}`, { base_url: 'http://127.0.0.1:9/v1' });
    expect(moved).toMatchObject({ status: 400 });
    expect(moved.said).toContain('api key once more');
    await call('PATCH', `/${made.data.id}`, { enabled: false });
    expect(await list()).toMatchObject([{ name: 'near', enabled: false, position: null }]);
    const after = await alert();
    await eventually(async () => (await provider(after)) === 'rules');
    expect((await app.incident(after)).diagnosis?.origin).toMatchObject({ awaiting: false, shortfall: null });
    expect(simulator.asks).toHaveLength(1);
    await call('DELETE', `/${made.data.id}`);
    expect(await list()).toEqual([]);
  });

  it('stands where LLM_PROVIDERS puts it; others follow those of the environment', async () => {
    app = await openApp({
      LLM_PROVIDERS: 'first,openai:a,gone',
      OPENAI_A_BASE_URL: simulator.url,
      OPENAI_A_MODEL: 'sim-1',
    });
    await call('POST', '', row('last'));
    await call('POST', '', row('first'));
    expect((await list()).map(({ name, from }) => `${name} ${from}`)).toEqual([
      'first row',
      'openai:a environment',
      'last row',
    ]);
  });

  it('is refused when it could never be asked, and in words when its name is taken', async () => {
    app = await openApp();
    const refused = async (more: object) => (await call('POST', '', row('x', more))).message;
    expect(await refused({ base_url: 'api.example.com/v1' })).toContain('is no URL');
    expect(await refused({ base_url: 'https://user:secret@api.example.com' })).toContain('holds a user');
    expect(await refused({ name: 'openai' })).toContain('environment');
    expect(await refused({ model: undefined })).toContain('model');
    expect(await refused({ kind: 'dify', api_key: undefined })).toContain('key');
    expect(await refused({ num_ctx: 4096 })).toContain('Ollama');
    await call('POST', '', row('x'));
    expect(await call('POST', '', row('x'))).toMatchObject({ status: 409 });
    const [{ id } = { id: '' }] = await list();
    expect(await call('PATCH', `/${id}`, { base_url: 'ftp://x' })).toMatchObject({ status: 400 });
    expect((await list())[0]).toMatchObject({ position: 1, problem: null });
  });

  it('is forgiven when its key is mended, or when a test finds it well', async () => {
    app = await openApp();
    const { data } = await call('POST', '', row('near', { api_key: 'sk-wrong-0123456789' }));
    expect(await call('POST', '/near/test')).toMatchObject({ data: { ok: false } });
    const first = await alert();
    await eventually(async () => (await app.incident(first)).diagnosis?.origin?.['shortfall'] === 'failed');
    expect((await list())[0]?.state).toMatchObject({ breaker: 'open', fault: 'auth' });
    await call('PATCH', `/${data.id}`, { api_key: KEY });
    expect((await list())[0]?.state).toMatchObject({ breaker: 'closed', fault: null });
    const second = await alert();
    await eventually(async () => (await provider(second)) === 'near');
    simulator.always({ refuse: { status: 401, body: 'no' } });
    const third = await alert();
    await eventually(async () => (await list())[0]?.state?.breaker === 'open');
    expect(third).not.toBe('');
    simulator.always(undefined);
    expect(await call('POST', '/near/test')).toMatchObject({ data: { ok: true, found: 'sim-1' } });
    expect((await list())[0]?.state?.breaker).toBe('closed');
  });
});

describe('the keys of rows', () => {
  it('are taken out of what other providers are asked, also while nobody is asked with them, as they come and go', async () => {
    app = await openApp();
    const told = 'it was called with quelle-im-schnee and with haus-am-see';
    const asked = async (): Promise<string> => {
      pods += 1;
      const labels = { alertname: 'KubePodCrashLooping', severity: 'warning', namespace: 'prod', pod: `pay-${pods}` };
      const before = simulator.asks.length;
      const id = await app.alert(labels, { description: told });
      await eventually(async () => (await provider(id)) === 'near');
      expect(simulator.asks).toHaveLength(before + 1);
      return JSON.stringify(simulator.asks.at(-1));
    };
    await call('POST', '', row('near'));
    const { data } = await call('POST', '', row('off', { api_key: 'quelle-im-schnee' }));
    await call('PATCH', `/${data.id}`, { enabled: false });
    const first = await asked();
    expect(first).not.toContain('quelle-im-schnee');
    expect(first).toContain('haus-am-see');
    await call('PATCH', `/${data.id}`, { api_key: 'haus-am-see' });
    expect(await asked()).not.toContain('haus-am-see');
    await call('DELETE', `/${data.id}`);
    expect(await asked()).toContain('haus-am-see');
  });
});

describe('a provider of the environment', () => {
  it('is listed, and cannot be changed here', async () => {
    app = await openApp({ OPENAI_BASE_URL: simulator.url, OPENAI_MODEL: 'sim-1', OPENAI_API_KEY: KEY });
    expect(await list()).toMatchObject([{ id: 'openai', from: 'environment', position: 1 }]);
    const changed = await call('PATCH', '/openai', { enabled: false });
    expect(changed).toMatchObject({ status: 409 });
    expect(changed.message).toContain('environment');
  });

  it('whose address cannot be one stops the start, in words', async () => {
    app = await openApp();
    const config = readConfig({ OPENAI_BASE_URL: 'https://api.example.com/v1?x=1', OPENAI_MODEL: 'm' });
    await expect(createApp(config)).rejects.toThrow(/openai: the base URL has a query/);
  });
});
