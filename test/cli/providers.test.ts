import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/store/open.ts';
import { type OpenAiSimulator, startOpenAiSimulator } from '../simulators/openai.ts';
import { openApp } from '../support/app.ts';
import { SILENT } from '../support/engines.ts';
import { eventually } from '../support/lark-app.ts';
import { runZhiban } from './zhiban.ts';

const KEY = 'sk-test-0123456789abcdef';

let dataDir: string;
let simulator: OpenAiSimulator;
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'zhiban-providers-'));
  simulator = await startOpenAiSimulator({ apiKey: KEY });
  writeFileSync(join(dataDir, 'key'), `${KEY}\n`);
});
afterEach(async () => {
  await simulator.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const zhiban = (args: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
  runZhiban({ DATA_DIR: dataDir, PORT: '0', LOCALE: 'en-US', ...environment }, args, {
    read: (path) => readFile(path),
  });

const add = (name: string, ...more: readonly string[]) =>
  zhiban([
    'providers',
    'add',
    name,
    '--kind',
    'openai',
    '--url',
    simulator.url,
    '--model',
    'sim-1',
    '--key-file',
    join(dataDir, 'key'),
    ...more,
  ]);

describe('zhiban providers', () => {
  it('adds, tests, switches off and on, and forgets; the key is sealed and never shown', async () => {
    expect((await add('near', '--timeout', '5m', '--concurrency', '2')).said).toContain('near is asked from now on');
    expect((await zhiban(['providers', 'test', 'near'])).said).toMatch(/near answers after \d+ ms: sim-1/);
    const { said } = await zhiban(['providers', 'list']);
    expect(said).toMatch(/1 +near +openai +sim-1 +http:\/\/127\.0\.0\.1:\d+\/v1 +row +enabled/);
    expect(said).not.toContain(KEY);
    expect((await zhiban(['providers', 'disable', 'near'])).said).toContain('near is disabled');
    expect((await zhiban(['providers', 'list'])).said).toMatch(/- +near .+ disabled/);
    await zhiban(['providers', 'enable', 'near']);
    const database = await openDatabase({ url: `sqlite:${dataDir}/zhiban.db`, dataDir, log: SILENT });
    const rows = await database.reader.selectFrom('providers').selectAll().execute();
    const audited = await database.reader.selectFrom('audit').select('operation').execute();
    await database.close();
    expect(rows).toMatchObject([{ secret: expect.stringMatching(/^v1\./), enabled: 1 }]);
    expect(JSON.stringify(rows)).not.toContain(KEY);
    expect(JSON.parse(rows[0]?.settings ?? '')).toEqual({ timeoutMs: 300_000, concurrency: 2 });
    expect(audited).toContainEqual({ operation: 'providers.create' });
    expect((await zhiban(['providers', 'remove', 'near'])).said).toContain('forgotten');
    expect((await zhiban(['providers', 'test', 'near'])).failure).toContain('There is no provider near');
  });

  it('says what is wrong with a new one, in the words of its options', async () => {
    expect((await add('Near')).failure).toContain('name must be small letters');
    expect((await add('near', '--timeout', 'soon')).failure).toContain('--timeout soon: write a duration');
    expect((await add('near', '--timeout', '2h')).failure).toContain('--timeout must be at most 1 h');
    expect((await add('near', '--concurrency', 'many')).failure).toContain('--concurrency');
    expect((await add('near', '--num-ctx', '4096')).failure).toContain('--num-ctx is for Ollama alone');
    expect((await add('near', '--url', 'near.example/v1')).failure).toContain('is no URL');
    expect((await add('near', '--key-file', join(dataDir, 'nowhere'))).failure).toMatch(
      /--key-file .+ cannot be read: ENOENT/,
    );
    await add('near');
    expect((await add('near')).failure).toContain('There is a provider near already');
  });

  it('lists a row whose key was sealed with another SECRET_KEY with what to do, and lets it go', async () => {
    await add('near');
    const other = { SECRET_KEY: 'another-secret-key-0' };
    expect((await zhiban(['providers', 'list'], other)).said).toMatch(/- +near .+ sealed with another SECRET_KEY/);
    expect((await zhiban(['providers', 'disable', 'near'], other)).failure).toBeUndefined();
    expect((await zhiban(['providers', 'remove', 'near'], other)).failure).toBeUndefined();
  });

  it('leaves those of the environment alone', async () => {
    const environment = { OPENAI_BASE_URL: simulator.url, OPENAI_MODEL: 'sim-1', OPENAI_API_KEY: KEY };
    expect((await zhiban(['providers', 'list'], environment)).said).toMatch(/1 +openai .+ environment +enabled/);
    const { failure } = await zhiban(['providers', 'remove', 'openai'], environment);
    expect(failure).toContain('configured by the environment');
  });

  it('knows from a running server whom it leaves alone', async () => {
    const model = { OPENAI_BASE_URL: simulator.url, OPENAI_MODEL: 'sim-1', OPENAI_API_KEY: 'sk-wrong-0123456789' };
    const app = await openApp(model);
    try {
      const id = await app.alert({ alertname: 'KubePodCrashLooping', pod: 'a', severity: 'warning' });
      await eventually(async () => (await app.incident(id)).diagnosis?.origin?.['shortfall'] === 'failed');
      const { said } = await zhiban(['providers', 'list'], { ...model, PORT: new URL(app.url).port });
      expect(said).toMatch(/openai .+ paused until \d{4}-\S+Z: auth/);
    } finally {
      await app.close();
    }
  });
});

describe('zhiban doctor models', () => {
  it('asks each, and ends in failure when one needs to be mended', async () => {
    await add('near');
    const well = await zhiban(['doctor', 'models']);
    expect(well.failure).toBeUndefined();
    expect(well.said).toContain('ok  asked in this order: near, and the rules last');
    expect(well.said).toMatch(/ok {2}near: answers after \d+ ms \(sim-1\)/);
    expect(well.said).toContain('LLM_DATA_POLICY=redacted');
    simulator.always(undefined);
    const wrong = await zhiban(['doctor', 'models'], {
      LLM_PROVIDERS: 'near,far,openai:b',
      OPENAI_B_BASE_URL: simulator.url,
      OPENAI_B_MODEL: 'sim-1',
      OPENAI_B_API_KEY: 'sk-wrong-0123456789',
    });
    expect(wrong.said).toMatch(/BAD openai:b: .+: check the API key/);
    expect(wrong.said).toContain('BAD LLM_PROVIDERS names far');
    expect(wrong.failure).toBe('2 things need attention.');
  });

  it('speaks Chinese where people do', async () => {
    const { said } = await zhiban(['doctor', 'models'], { LOCALE: 'zh-CN' });
    expect(said).toContain('没有配置模型');
  });

  it('does not fail because of one that is switched off', async () => {
    await add('near');
    await zhiban(['providers', 'disable', 'near']);
    await simulator.close();
    const { said, failure } = await zhiban(['doctor', 'models']);
    expect(failure).toBeUndefined();
    expect(said).toContain('near: switched off');
  });
});
