import { mkdtempSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { remoteSources } from '../../src/app/evidence.ts';
import { createSecrets } from '../../src/app/secrets.ts';
import { readConfig } from '../../src/config.ts';
import { aboutLabels, soon } from '../diagnose/evidence/about.ts';
import { type KubernetesSimulator, startKubernetes } from '../simulators/kubernetes.ts';

const [OLD, NEW, NEWEST] = ['token-of-yesterday', 'token-of-today', 'token-of-tomorrow'];
const NODE = { metadata: { name: 'node-1' }, status: { conditions: [{ type: 'Ready', status: 'True' }] } };

let folder: string;
let api: KubernetesSimulator;
let token = OLD;
const file = (): string => join(folder, 'token');
const time = { ahead: 0, now: () => Date.now() + time.ahead };
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'zhiban-token-'));
  token = OLD;
  writeFileSync(file(), `${OLD}\n`);
  api = await startKubernetes({
    get token() {
      return token;
    },
    objects: { nodes: [NODE], pods: [], events: [] },
  });
});
afterEach(async () => {
  await api.close();
  rmSync(folder, { recursive: true });
});

function open() {
  const config = readConfig({ KUBERNETES_API_URL: api.url, KUBERNETES_TOKEN_FILE: file() });
  const secrets = createSecrets(config.secrets);
  const edges = { clock: time, random: Math.random, fetch };
  const [source] = remoteSources({ config, edges, secrets });
  const about = aboutLabels({ node: 'node-1' }, { plan: { kubernetes: ['node'] } });
  const ask = async () => (await source?.collect(about, soon())) ?? [];
  const sent = () => [...new Set(api.asked.splice(0).map(({ headers }) => headers.authorization))];
  return { ask, sent, secrets };
}

it('a token that was written anew is used within a minute', async () => {
  const { ask, sent } = open();
  await ask();
  writeFileSync(file(), NEW);
  await ask();
  expect(sent()).toEqual([`Bearer ${OLD}`]);
  time.ahead += 60_000;
  token = NEW;
  await ask();
  expect(sent()).toEqual([`Bearer ${NEW}`]);
});

it('a token that is refused is looked for at once, once, and is a secret from then on', async () => {
  const { ask, sent, secrets } = open();
  writeFileSync(file(), NEW);
  token = NEW;
  expect((await ask()).some(({ failed }) => failed)).toBe(false);
  expect(sent()).toEqual([`Bearer ${OLD}`, `Bearer ${NEW}`]);
  expect(secrets.all()).toEqual(expect.arrayContaining([OLD, NEW]));
  token = NEWEST;
  await expect(ask()).rejects.toThrow('refused us (401)');
  expect(sent()).toEqual([`Bearer ${NEW}`]);
});

it('a file that is away for a moment changes nothing', async () => {
  const { ask, sent } = open();
  unlinkSync(file());
  time.ahead += 60_000;
  await ask();
  expect(sent()).toEqual([`Bearer ${OLD}`]);
});
