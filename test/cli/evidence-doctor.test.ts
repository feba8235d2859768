import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { checkSources } from '../../src/cli/evidence-doctor.ts';
import { readConfig } from '../../src/config.ts';
import { startElasticsearch } from '../simulators/elasticsearch.ts';
import { startKubernetes } from '../simulators/kubernetes.ts';
import { startLoki } from '../simulators/loki.ts';
import { type Answered, serve } from '../simulators/serve.ts';
import { freePort } from '../support/free-port.ts';
import { openMcpHttp } from '../support/mcp-http.ts';
import { runZhiban } from './zhiban.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zhiban-evidence-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const doctor = (environment: Readonly<Record<string, string>>, ...which: readonly string[]) =>
  runZhiban({ DATA_DIR: folder, LOCALE: 'en-US', ...environment }, ['doctor', ...which]);

const nowhere = async (): Promise<string> => `http://127.0.0.1:${await freePort()}`;

/** A server of which one path answers. */
async function only(path: string, body: unknown): Promise<string> {
  const served = await serve((asked): Answered =>
    asked.path === path ? { body } : { status: 404, body: 'no such page' },
  );
  onTestFinished(() => served.close());
  return served.url;
}

async function everything() {
  const closing = <T extends { close(): unknown }>(one: T): T => {
    onTestFinished(async () => void (await one.close()));
    return one;
  };
  const loki = closing(await startLoki([]));
  const elasticsearch = closing(await startElasticsearch({ index: 'logs-a', mapping: {}, documents: [] }));
  const kubernetes = closing(await startKubernetes({ token: 'the-token', objects: {}, lacks: ['list pods'] }));
  const mcp = closing(await openMcpHttp());
  return {
    PROMETHEUS_URL: await only('/api/v1/query', { status: 'success', data: { resultType: 'vector', result: [] } }),
    ALERTMANAGER_URL: await only('/api/v2/status', { versionInfo: { version: '0.28.0' } }),
    LOKI_URL: loki.url,
    ELASTICSEARCH_URL: elasticsearch.url,
    KUBERNETES_API_URL: kubernetes.url,
    KUBERNETES_TOKEN: 'the-token',
    MCP_SERVERS: JSON.stringify({ grafana: { url: mcp.url, tools: { search: {} } } }),
  };
}

const NAMES = ['prometheus', 'alertmanager', 'loki', 'elasticsearch', 'kubernetes', 'mcp:grafana'];

describe('zhiban doctor evidence', () => {
  it('tells of each source that it answers, and after how long', async () => {
    const { lines, failure } = await doctor(await everything(), 'evidence');
    expect(failure).toBeUndefined();
    for (const name of NAMES)
      expect(lines.join('\n')).toMatch(new RegExp(`^ok {2}${name}: answers after \\d+ ms$`, 'm'));
    expect(lines.join('\n')).toMatch(/^- {3}kubernetes: .*cannot list resource "pods".*some namespaces only/m);
  });

  it('tells of each that does not what to do, without its credentials, and ends in failure', async () => {
    const sources = await everything();
    const { said, failure } = await doctor(
      {
        ...sources,
        PROMETHEUS_URL: await nowhere(),
        ALERTMANAGER_URL: await only('/', ''),
        LOKI_URL: await only('/loki/api/v1/labels', '<html>Sign in</html>'),
        KUBERNETES_TOKEN: 'another-token',
        MCP_SERVERS: sources.MCP_SERVERS.replace('search', 'no_such_tool'),
      },
      'evidence',
    );
    expect(said).toMatch(/^BAD prometheus: .*cannot be reached.*PROMETHEUS_URL/m);
    expect(said).toMatch(/^BAD alertmanager: .*404.*ALERTMANAGER_URL/m);
    expect(said).toMatch(/^BAD loki: .*web page.*LOKI_URL/m);
    expect(said).toMatch(/^BAD kubernetes: .*refused us \(401\).*KUBERNETES_TOKEN/m);
    expect(said).toMatch(/^BAD mcp:grafana: .*no tool no_such_tool/m);
    expect(said).not.toContain('another-token');
    expect(failure).toBe('5 things need attention.');
  });

  it('speaks Chinese where people do, also of nothing at all', async () => {
    expect((await doctor({ LOCALE: 'zh-CN' }, 'evidence')).lines).toEqual([
      expect.stringContaining('没有配置证据来源'),
    ]);
    const { said } = await doctor({ LOCALE: 'zh-CN', LOKI_URL: await nowhere() }, 'evidence');
    expect(said).toMatch(/BAD loki: 连不上 Loki/);
    expect(said).toContain('1 处需要处理。');
  });

  it('waits for no source longer than its deadline', async () => {
    const hanging = await serve(() => ({ body: {}, delayMs: 60_000 }));
    onTestFinished(() => hanging.close());
    const sources = { PROMETHEUS_URL: hanging.url, LOKI_URL: await nowhere() };
    const deps = {
      config: () => readConfig({ DATA_DIR: folder, ...sources }),
      clock: { now: () => Date.now() },
      version: '1.2.3',
      random: Math.random,
      fetch,
      print: () => undefined,
      tell: () => undefined,
      serve: async () => undefined,
      read: async () => Buffer.alloc(0),
      open: async function* () {},
      interrupted: () => new AbortController().signal,
    };
    const lines = await checkSources(deps, 'en-US', 300);
    expect(lines.map(({ mark }) => mark)).toEqual(['bad', 'bad']);
    expect(lines[0]?.text).toContain('did not answer within 0.3 s');
  });

  it('tells of a configuration that cannot be used', async () => {
    const { said } = await doctor({ MCP_SERVERS: '{"a":' }, 'evidence');
    expect(said).toMatch(/^BAD .*MCP_SERVERS is no valid JSON/m);
  });
});

describe('zhiban doctor', () => {
  it('asks the sources of evidence too', async () => {
    const { said, failure } = await doctor({ LOKI_URL: await nowhere() });
    expect(said).toMatch(/^BAD loki: Loki cannot be reached/m);
    expect(failure).toBe('1 thing needs attention.');
  });
});
