import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { linesOf } from '../../src/cli/memory/lines.ts';
import { migrate } from '../../src/store/migrate.ts';
import { openDatabase } from '../../src/store/open.ts';
import { insertMany } from '../../src/store/set-wise.ts';
import { insertVerdict } from '../../src/store/verdicts.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { incidentRow } from '../store/rows.ts';
import { runZhiban } from './zhiban.ts';

const NOW = Date.parse('2026-11-22T03:00:00Z');
const DAY = 86_400_000;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zhiban-memory-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const zhiban = (data: string, ...args: readonly string[]) =>
  runZhiban({ DATA_DIR: join(folder, data), OPENAI_API_KEY: 'our-own-key-123' }, ['memory', ...args], {
    clock: { now: () => NOW },
  });

const saved = (lines: readonly string[], name = 'memory.jsonl'): string => {
  const file = join(folder, name);
  writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
  return file;
};

/** A server's database with a closed incident, its cause and a rejection. */
async function lived(data: string): Promise<void> {
  const dataDir = join(folder, data);
  // The command makes the folder.
  await zhiban(data, 'export');
  const database = await openDatabase({ url: `sqlite:${dataDir}/zhiban.db`, dataDir, log: createLog('silent', []) });
  await migrate(database);
  const times = { opened_at: NOW - 2 * DAY, resolved_at: NOW - DAY };
  await insertMany(database, 'incidents', [
    incidentRow('INC-20261120-001', {
      ...times,
      status: 'resolved',
      title: '支付连接池耗尽',
      summary: 'password=hunter2hunter2 with our-own-key-123, call 13812345678',
      labels: JSON.stringify({ service: 'payment', token: 'c0ffee11deadbeef' }),
      cause: '连接泄漏，见 erin@example.com',
    }),
  ]);
  await insertVerdict(database, {
    incidentId: 'INC-20261120-001',
    diagnosisId: 'd1',
    family: 'database_connections',
    causeKey: 'other/said-0123456789ab',
    cause: '上次（INC-20261101-001）是：慢查询',
    verdict: 'rejected',
    reason: 'token=abcdef0123456789abcdef was seen',
    actorId: 'lark:ou_erin',
    at: NOW - DAY,
  });
  await database.close();
}

const SERVERS = {
  grafana: { url: 'http://127.0.0.1:9/mcp', headers: { 'X-Key': 'was seen' }, tools: { look: {} } },
};

const incident = (id: string, more: object = {}): string =>
  JSON.stringify({
    v: 1,
    kind: 'incident',
    id,
    title: `payment ${id}`,
    opened_at: '2026-11-20T00:00:00Z',
    resolved_at: '2026-11-20T01:00:00Z',
    ...more,
  });

describe('zhiban memory', () => {
  it('exports lines of JSON without secrets, personal data and people', async () => {
    await lived('a');
    const { lines, told, failure } = await zhiban('a', 'export');
    expect(failure).toBeUndefined();
    expect(told).toEqual(['2 lines exported.']);
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      {
        v: 1,
        kind: 'incident',
        id: 'INC-20261120-001',
        title: '支付连接池耗尽',
        opened_at: '2026-11-20T03:00:00.000Z',
      },
      { v: 1, kind: 'verdict', incident: 'INC-20261120-001', cause: '慢查询', verdict: 'rejected' },
    ]);
    expect(lines.join('\n')).not.toMatch(/hunter2|our-own-key|13812345678|c0ffee|erin|abcdef0123/);
  });

  it('exports no key of a provider that a row names, nor of an MCP server', async () => {
    await lived('a');
    const settings = { DATA_DIR: join(folder, 'a'), MCP_SERVERS: saved([JSON.stringify(SERVERS)], 'mcp.json') };
    expect((await zhiban('a', 'export')).lines.join('')).toContain('was seen');
    const url = ['--url', 'http://127.0.0.1:9/v1', '--kind', 'openai', '--model', 'm'];
    await runZhiban(settings, ['providers', 'add', 'near', ...url, '--key-file', 'payment']);
    const { lines, failure } = await runZhiban(settings, ['memory', 'export'], { clock: { now: () => NOW } });
    expect(failure).toBeUndefined();
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ labels: { service: '⟦secret⟧' } });
    expect(lines.join('')).not.toContain('was seen');
  });

  it('exports people when it is told to, and still no secrets', async () => {
    await lived('a');
    const said = (await zhiban('a', 'export', '--people')).lines.join('\n');
    expect(said).toContain('"by":"lark:ou_erin"');
    expect(said).toContain('13812345678');
    expect(said).not.toMatch(/hunter2|our-own-key|c0ffee|abcdef0123/);
  });

  it('exports what was closed since', async () => {
    await lived('a');
    expect((await zhiban('a', 'export', '--since', '12h')).lines).toEqual([]);
    expect((await zhiban('a', 'export', '--since', '2026-11-01')).lines).toHaveLength(2);
    expect((await zhiban('a', 'export', '--since', 'soon')).failure).toContain('90d');
  });

  it('imports what another one exported, once, and exports it again', async () => {
    await lived('a');
    const { lines } = await zhiban('a', 'export');
    const file = saved(lines);
    expect((await zhiban('b', 'import', file)).lines).toEqual([
      'Imported: 1 incidents, 1 verdicts; 0 were here already.',
    ]);
    expect((await zhiban('b', 'import', file)).lines).toEqual([
      'Imported: 0 incidents, 0 verdicts; 2 were here already.',
    ]);
    const back = (await zhiban('b', 'export')).lines;
    expect(JSON.parse(back[0] ?? '')).toMatchObject({ id: expect.stringMatching(/^INC-20261120-001~[0-9a-f]{8}$/) });
    expect((await zhiban('a', 'import', saved(back, 'back.jsonl'))).lines[0]).toContain('2 were here already');
  });

  it('tells wrong lines with their numbers and reasons, takes the others, and fails at the end', async () => {
    const file = saved([
      incident('INC-1'),
      '{"v":1,',
      '',
      incident('INC-2', { v: 2 }),
      incident('INC-3', { opened_at: 'yesterday' }),
      incident('../../x'),
      incident('INC-4', { resolved_at: '2099-01-01T00:00:00Z' }),
      'x'.repeat(300_000),
      JSON.stringify({
        v: 1,
        kind: 'verdict',
        id: 'v1',
        incident: 'INC-9',
        incident_opened_at: '2026-11-20T00:00:00Z',
        cause_key: 'a/b',
        cause: 'c',
        verdict: 'confirmed',
        at: '2026-11-20T00:30:00Z',
      }),
      incident('INC-5', { opened_at: '2020-01-01T00:00:00Z', resolved_at: '2020-01-02T00:00:00Z' }),
      incident('INC-6'),
    ]);
    const { lines, told, failure } = await zhiban('a', 'import', file);
    expect(lines).toEqual([
      'Imported: 2 incidents, 0 verdicts; 0 were here already.',
      '1 are older than RETENTION and were left out.',
    ]);
    expect(told.map((line) => line.slice(0, 22))).toEqual([
      'line 2: no JSON',
      'line 4: v: only versio',
      'line 5: opened_at: Inv',
      'line 6: id: an id has ',
      'line 7: it lies in the',
      'line 8: longer than 26',
      'line 9: its incident i',
    ]);
    expect(failure).toBe('7 lines were not understood and left out.');
  });

  it('keeps no secret of an import', async () => {
    await zhiban('a', 'import', saved([incident('INC-1', { summary: 'password=hunter2hunter2', title: 'a\u0000b' })]));
    const said = (await zhiban('a', 'export')).lines.join('\n');
    expect(said).not.toContain('hunter2');
    expect(said).toContain('"title":"ab"');
  });

  it('says what is wrong with a file that cannot be read', async () => {
    expect((await zhiban('a', 'import', join(folder, 'none'))).failure).toMatch(/none: .*no such file/);
  });
});

describe('lines of a file', () => {
  const read = async (chunks: readonly Uint8Array[], most = 100) => {
    const found: (readonly [number, string | undefined])[] = [];
    for await (const { number, text } of linesOf(
      (async function* () {
        yield* chunks;
      })(),
      most,
    ))
      found.push([number, text]);
    return found;
  };

  it('are whole however the bytes are cut, also the last one without an end', async () => {
    const bytes = Buffer.from('磁盘\r\n\n b \nc');
    for (let size = 1; size <= bytes.length; size++) {
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
        bytes.subarray(at * size, (at + 1) * size),
      );
      expect(await read(chunks)).toEqual([
        [1, '磁盘\r'],
        [3, ' b '],
        [4, 'c'],
      ]);
    }
  });

  it('that are too long are nothing but a number', async () => {
    expect(await read([Buffer.from('abc\nabcd'), Buffer.from('ef\nabc')], 3)).toEqual([
      [1, 'abc'],
      [2, undefined],
      [3, 'abc'],
    ]);
  });
});

describe('the page about the memory', () => {
  it.each(['memory.md', 'memory.zh-CN.md'])('shows lines that can be imported: %s', async (page) => {
    const text = readFileSync(join(import.meta.dirname, '../../docs/diagnosis', page), 'utf8');
    const lines = /```json\n([\s\S]*?)```/.exec(text)?.[1]?.trim().split('\n') ?? [];
    expect((await zhiban('a', 'import', saved(lines))).lines).toEqual([
      'Imported: 1 incidents, 1 verdicts; 0 were here already.',
    ]);
    expect(text).toContain('zhiban memory export --since 90d');
  });
});
