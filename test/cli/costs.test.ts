import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createModelCalls } from '../../src/store/model-calls.ts';
import { openDatabase } from '../../src/store/open.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { call } from '../diagnose/accounting/world.ts';
import { runZhiban } from './zhiban.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'zhiban-costs-'));
const NOW = Date.parse('2026-11-22T08:00:00Z');
const MODELS = {
  OPENAI_BASE_URL: 'http://127.0.0.1:9/v1',
  OPENAI_MODEL: 'gpt',
  LLM_PROVIDERS: 'openai,openai:deepseek',
  OPENAI_DEEPSEEK_BASE_URL: 'http://127.0.0.1:9/v1',
  OPENAI_DEEPSEEK_MODEL: 'deepseek-chat',
};
const zhiban = (...args: readonly string[]) =>
  runZhiban({ DATA_DIR: dataDir, LLM_CURRENCY: 'CNY', TIMEZONE: 'UTC', ...MODELS }, args, {
    clock: { now: () => NOW },
  });

beforeAll(async () => {
  await zhiban('operators', 'add', '张三', '--id', 'lark:ou_a');
  const log = createLog('silent', []);
  const database = await openDatabase({ url: `sqlite:${dataDir}/zhiban.db`, dataDir, log, beside: true });
  const write: Parameters<typeof createModelCalls>[0]['write'] = (_priority, work) =>
    database.transaction((db) => work({ db, engine: 'sqlite', hint: () => undefined }));
  const calls = createModelCalls({ database, write });
  const cost = { amount: 1.5, currency: 'CNY' };
  await calls.record(call({ cost, latencyMs: 1500, person: { id: 'lark:ou_a', name: '张三' } }));
  await calls.record(call({ provider: 'ollama', model: 'qwen', tokensIn: 1, outcome: 'timeout_idle', at: NOW - 1 }));
  await calls.record(call({ at: NOW - 3 * 86_400_000 }));
  await database.close();
});
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

describe('zhiban usage', () => {
  it('adds calls up by provider, person, model and day', async () => {
    expect((await zhiban('usage')).lines).toEqual([
      'PROVIDER  CALLS  FAILED  TOKENS IN  TOKENS OUT  COST      WITHOUT COST  SECONDS',
      'openai    1      0       100        50          CNY 1.50  0             1.5',
      'ollama    1      1       1          50          CNY 0     0             0.0',
    ]);
    expect((await zhiban('usage', '--by', 'person')).lines[1]).toMatch(/^张三/);
    expect((await zhiban('usage', '--by', 'model')).lines[2]).toMatch(/^ollama\/qwen/);
    const days = (await zhiban('usage', '--by', 'day', '--since', '7d')).lines.slice(1);
    expect(days.map((line) => line.slice(0, 13))).toEqual(['2026-11-19  1', '2026-11-22  2']);
  });

  it('says so when nothing was called, and what it does not understand', async () => {
    const before = { clock: { now: () => NOW - 90 * 86_400_000 } };
    expect((await runZhiban({ DATA_DIR: dataDir }, ['usage'], before)).lines).toEqual([
      'No model was called in the last 24h.',
    ]);
    expect((await zhiban('usage', '--since', 'soon')).failure).toContain('write a duration');
  });
});

describe('zhiban quotas', () => {
  it('are added once, listed with how they stand, and removed', async () => {
    expect((await zhiban('quotas', 'list')).said).toContain('There are no quotas. For example');
    expect((await zhiban('quotas', 'add', 'person', '张三', 'week', 'tokens', '160')).failure).toBeUndefined();
    await zhiban('quotas', 'add', 'provider', '*', '5h', 'cost', '20', '--threshold', '0.5');
    await zhiban('quotas', 'add', 'provider', 'OpenAI', 'month', 'calls', '2');
    const again = await zhiban('quotas', 'add', 'person', 'lark:ou_a', 'week', 'tokens', '9');
    expect(again.failure).toContain('There is a quota of tokens for lark:ou_a and week already');
    const { lines } = await zhiban('quotas', 'list');
    expect(lines.map((line) => line.replace(/^\S+\s+/, '').replaceAll(/ {2,}/g, '|'))).toEqual([
      'KIND|SUBJECT|PERIOD|ALLOWED|USED|STATE|RENEWS',
      'person|张三|week|160 tokens|150 tokens|‼ nearly used up|2026-11-23T00:00:00.000Z',
      'provider|*|5h|CNY 20.00|-|-|-',
      'provider|openai|month|2 calls|2 calls|✗ used up|2026-12-01T00:00:00.000Z',
    ]);
    const id = lines[1]?.split(' ')[0] ?? '';
    expect((await zhiban('quotas', 'remove', id)).said).toContain('is removed');
    expect((await zhiban('quotas', 'remove', id)).failure).toContain('zhiban quotas list shows all');
  });

  it.each([
    [['person', 'nobody', 'week', 'tokens', '1'], 'Nobody is called nobody'],
    [
      ['provider', 'opnai', 'week', 'cost', '1'],
      'There is no provider opnai; known: openai, openai:deepseek, or * for each',
    ],
    [['provider', '*', 'week', 'tokens', 'many'], 'many is no amount'],
    [['provider', '*', 'week', 'tokens', '1', '--threshold', '80'], 'write a share such as 0.8'],
  ])('refuses %j in words', async (args, words) => {
    expect((await zhiban('quotas', 'add', ...args)).failure).toContain(words);
  });
});

describe('zhiban prices', () => {
  it('are set, set again, listed and removed', async () => {
    expect((await zhiban('prices', 'set', 'openai', '2', '8')).said).toBe(
      'openai: CNY 2 in, CNY 8 out, for a million tokens, from now on.',
    );
    await zhiban('prices', 'set', 'openai', '0.5', '1.5', '--currency', 'USD');
    await zhiban('prices', 'set', 'openai:deepseek', '1', '2', '--model', 'deepseek-chat');
    const { lines } = await zhiban('prices', 'list');
    expect(lines.slice(1).map((line) => line.replace(/^\S+\s+/, '').replaceAll(/ {2,}/g, '|'))).toEqual([
      'openai|*|0.5|1.5|USD',
      'openai:deepseek|deepseek-chat|1|2|CNY',
    ]);
    expect((await zhiban('prices', 'remove', lines[1]?.split(' ')[0] ?? '')).failure).toBeUndefined();
    expect((await zhiban('prices', 'remove', 'none')).failure).toContain('There is no price none');
    expect((await zhiban('prices', 'set', 'openai', 'x', '1')).failure).toContain('x is no price');
    expect((await zhiban('prices', 'set', 'opnai', '1', '1')).failure).toBe(
      'There is no provider opnai; known: openai, openai:deepseek.',
    );
    expect((await zhiban('prices', 'set', 'openai', '1', '1', '--currency', 'yuan')).failure).toContain('USD or CNY');
  });

  it('are for providers of rows too, also while these are not asked', async () => {
    expect((await zhiban('prices', 'set', 'qwen', '1', '1')).failure).toContain('no provider qwen');
    await zhiban('providers', 'add', 'qwen', '--kind', 'ollama', '--url', 'http://127.0.0.1:9', '--model', 'qwen3');
    await zhiban('providers', 'disable', 'qwen');
    expect((await zhiban('prices', 'set', 'qwen', '1', '1')).said).toContain('qwen: CNY 1 in');
  });
});
