import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createRowSecrets } from '../../src/app/row-secrets.ts';
import { type Secrets, createSecrets } from '../../src/app/secrets.ts';
import { type Storage, openStorage } from '../../src/app/storage.ts';
import { readConfig } from '../../src/config.ts';
import { createRedactor } from '../../src/diagnose/redact/redactor.ts';
import { createIntegrations } from '../../src/store/integrations.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { startOpenAiSimulator } from '../simulators/openai.ts';
import { openApp } from '../support/app.ts';
import { SILENT } from '../support/engines.ts';

const BOT = 'https://open.feishu.cn/open-apis/bot/v2/hook/0123-abcd';
const edges = { clock: { now: () => Date.now() }, random: Math.random, fetch };

let folder: string;
let secrets: Secrets;
let storage: Storage;
const open = async (secretKey = 'k'.repeat(32)): Promise<void> => {
  const config = readConfig({ DATA_DIR: folder, SECRET_KEY: secretKey });
  secrets = createSecrets(['from-the-environment']);
  storage = await openStorage({ config, edges, log: SILENT, secrets, announce: () => {}, onLost: () => {} });
};
const close = () => storage.database.close();
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'zhiban-row-secrets-'));
  await open();
});
afterEach(async () => {
  await close();
  rmSync(folder, { recursive: true, force: true });
});
const rows = () => secrets.all().slice(1);
const integration = (name: string, hmacSecret: string) => ({ name, hmacSecret });

describe('secrets that rows hold', () => {
  it('are known from the moment they are stored until they are removed, and again at the next start', async () => {
    await storage.integrations.add(integration('cluster-a', 'hmac-of-cluster-a'));
    const made = { pending: false, secret: 'sign-of-the-room', fallback: { url: BOT, secret: 'sign-of-the-bot' } };
    const { id } = await storage.targets.ensure('lark', 'oc_1', made);
    expect(rows()).toEqual(['hmac-of-cluster-a', 'sign-of-the-room', BOT, 'sign-of-the-bot']);
    await storage.targets.update(id, { secret: 'another-sign', fallback: null });
    expect(rows()).toEqual(['hmac-of-cluster-a', 'another-sign']);
    await close();
    await open();
    expect(rows()).toEqual(['hmac-of-cluster-a', 'another-sign']);
    await storage.targets.remove(id);
    expect(rows()).toEqual(['hmac-of-cluster-a']);
  });

  it('are in no line of the log and in no prompt', async () => {
    const lines: string[] = [];
    const log = createLog('info', secrets.all, { write: (line) => void lines.push(line) });
    const { redact } = createRedactor({ secrets: secrets.all, policy: 'full' });
    await storage.integrations.add(integration('cluster-a', 'hmac-of-cluster-a'));
    log.info({ action: 'x', said: 'it is hmac-of-cluster-a' }, 'said');
    expect(lines.join('')).not.toContain('hmac-of');
    expect(redact('it is hmac-of-cluster-a').text).not.toContain('hmac-of');
  });

  it('that another process stores are known soon', async () => {
    const { database, committer, clock, sealer } = storage;
    const beside = createIntegrations({ database, write: committer.write, clock, sealer });
    await beside.add(integration('cluster-b', 'hmac-of-cluster-b'));
    expect(rows()).toEqual([]);
    const stop = new AbortController();
    const watching = storage.keepSecrets(stop.signal);
    await expect.poll(() => rows()).toEqual(['hmac-of-cluster-b']);
    stop.abort();
    await watching;
  });

  it('that were sealed with another key keep nobody from starting', async () => {
    await storage.integrations.add(integration('cluster-a', 'hmac-of-cluster-a'));
    await close();
    await open('x'.repeat(32));
    await storage.integrations.add(integration('cluster-b', 'hmac-of-cluster-b'));
    expect(rows()).toEqual(['hmac-of-cluster-b']);
  });

  it('are looked for again and again, one look after another, also when one failed', async () => {
    const kept: (readonly string[])[] = [];
    const answers = [() => Promise.reject(new Error('gone')), async () => ['a'], async () => ['b']];
    const stop = new AbortController();
    const watched = createRowSecrets({
      read: () => (answers.shift() ?? (async () => ['c']))(),
      secrets: { keep: (_owner, values) => void kept.push(values) },
      log: SILENT,
    });
    const running = watched.run(stop.signal, 1);
    await expect.poll(() => kept.slice(0, 3)).toEqual([['a'], ['b'], ['c']]);
    stop.abort();
    await running;
  });
});

it('an integration’s secret is in no prompt of the whole server', async () => {
  const simulator = await startOpenAiSimulator({ apiKey: 'sk-test-0123456789abcdef' });
  onTestFinished(() => simulator.close());
  const app = await openApp({
    OPENAI_BASE_URL: simulator.url,
    OPENAI_API_KEY: 'sk-test-0123456789abcdef',
    OPENAI_MODEL: 'sim-1',
    LLM_DATA_POLICY: 'full',
  });
  onTestFinished(() => app.close());
  const added = await fetch(`${app.url}/api/v1/integrations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'cluster-a', hmac_secret: 'quiet brown fox of june' }),
  });
  expect(added.ok).toBe(true);
  await app.alert({ alertname: 'QueueStuck', service: 'orders' }, { description: 'jumps: quiet brown fox of june' });
  await expect.poll(() => JSON.stringify(simulator.asks), { timeout: 10_000 }).toContain('jumps: ');
  expect(JSON.stringify(simulator.asks)).not.toContain('brown fox');
});
