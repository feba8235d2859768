import { request } from 'node:http';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Overloaded, StorageUnavailable } from '../../src/errors.ts';
import { ALERTS, listening, rawExchange } from './app.ts';

const json = async (res: Response): Promise<Record<string, unknown>> => (await res.json()) as Record<string, unknown>;

describe('an accepted request', () => {
  it('is answered after the commit, in the published shape', async () => {
    let committed = (): void => undefined;
    const commit = new Promise<void>((resolve) => (committed = resolve));
    const { post } = await listening({
      accept: async () => (
        await commit,
        { incidents: [{ id: 'INC-20261122-001' as never, status: 'open', created: true }] }
      ),
    });
    let answered = false;
    const pending = post('/api/alert').then((res) => ((answered = true), res));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(answered).toBe(false);
    committed();
    const res = await pending;
    expect([res.status, res.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
    expect(await json(res)).toEqual({
      code: 200,
      message: 'accepted 1',
      data: { accepted: 1, incidents: [{ id: 'INC-20261122-001', status: 'open', created: true }], ignored: [] },
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    });
  });

  it('arrives with a digest of its bytes, its trace id, and leaves one log line and its counters', async () => {
    const { post, arrivals, lines, url } = await listening();
    const res = await post('/api/alert', ALERTS, { 'x-request-id': 'trace-1234' });
    expect(res.headers.get('x-request-id')).toBe('trace-1234');
    await post('/api/alert', `${ALERTS} `);
    await post('/api/alert', ALERTS);
    expect(arrivals[0]).toMatchObject({
      traceId: 'trace-1234',
      alerts: [{ integration: 'default', source: 'alertmanager', title: 'A' }],
    });
    expect(arrivals[0]?.digest).toBe(arrivals[2]?.digest);
    expect(arrivals[0]?.digest).not.toBe(arrivals[1]?.digest);
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatchObject({
      action: 'alert_received',
      trace_id: 'trace-1234',
      source: 'alertmanager',
      firing: 1,
      resolved: 0,
      incidents: 1,
    });
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toContain('zhiban_alerts_received_total{source="alertmanager",status="firing"} 3');
    expect(metrics).toContain('zhiban_ingest_duration_seconds_count 3');
  });

  it.each([['short'], ['x'.repeat(200)], ['bad id with spaces'], ['<script>12345']])(
    'gets an id of ours instead of "%s"',
    async (id) => {
      const { post } = await listening();
      expect((await post('/api/alert', ALERTS, { 'x-request-id': id })).headers.get('x-request-id')).toMatch(
        /^[0-9a-f-]{36}$/,
      );
    },
  );

  it.each([
    ['POST' as const, '/api/alert', ALERTS, 'alertmanager'],
    ['PUT' as const, '/api/alert', ALERTS, 'alertmanager'],
    ['POST' as const, '/api/alert/', ALERTS, 'alertmanager'],
    ['POST' as const, '/api/alert?x=1', ALERTS, 'alertmanager'],
    ['POST' as const, '/api/alert/grafana', ALERTS, 'grafana'],
    ['POST' as const, '/api/v2/alerts', '[{"labels":{"alertname":"A"}}]', 'prometheus'],
    ['POST' as const, '/api/alert/api/v2/alerts', '[{"labels":{"alertname":"A"}}]', 'prometheus'],
  ])('%s %s is read as it should be', async (method, path, body, source) => {
    const { post, arrivals } = await listening();
    expect((await post(path, body, {}, method)).status).toBe(200);
    expect(arrivals[0]?.alerts[0]?.source).toBe(source);
  });

  it('of unknown format is kept and answered 202', async () => {
    const { post, arrivals } = await listening();
    const res = await post('/api/alert', '{"subject":"Backup failed"}');
    expect(res.status).toBe(202);
    expect(arrivals[0]?.alerts[0]).toMatchObject({ source: 'unknown', severity: 'info', title: 'Backup failed' });
  });

  it('lists what was ignored, and is no commit when nothing is left', async () => {
    const { post, arrivals } = await listening();
    const mixed = '{"version":"4","alerts":[null,{"status":"firing","labels":{"alertname":"A"}}]}';
    expect(await json(await post('/api/alert', mixed))).toMatchObject({
      data: { accepted: 1, ignored: [{ index: 0, reason: expect.any(String) }] },
    });
    const healthy = await post('/api/alert', '{"version":"4","alerts":[{"status":"ok","labels":{"alertname":"A"}}]}');
    expect([healthy.status, await json(healthy)]).toMatchObject([
      200,
      { data: { accepted: 0, incidents: [], ignored: [{ index: 0 }] } },
    ]);
    expect(arrivals).toHaveLength(1);
  });

  it('goes to the known chat it names, and a note tells when there is none', async () => {
    const { post, arrivals } = await listening();
    const send = (chat: string) => post('/api/alert', JSON.stringify({ message: 'm', sender_id: 's', chat_id: chat }));
    expect(await json(await send('oc_known'))).toMatchObject({ data: { accepted: 1, ignored: [] } });
    expect(await json(await send('oc_new'))).toMatchObject({
      data: { accepted: 1, notes: [expect.stringContaining('oc_new')] },
    });
    expect(arrivals.map(({ targetId }) => targetId)).toEqual(['target-1', undefined]);
  });

  it('may be a form, or packed', async () => {
    const { post, arrivals } = await listening();
    await post('/api/alert', `payload=${encodeURIComponent(ALERTS)}`, {
      'content-type': 'application/x-www-form-urlencoded',
    });
    await post('/api/alert', 'message=disk+full&sender_id=cron', {
      'content-type': 'application/x-www-form-urlencoded',
    });
    await post('/api/alert', gzipSync(ALERTS), { 'content-encoding': 'gzip' });
    expect(arrivals.map(({ alerts }) => alerts[0]?.title)).toEqual(['A', 'disk full', 'A']);
  });
});

describe('a refused request', () => {
  it.each([
    ['no JSON', '/api/alert', '{"a":', {}, 400],
    ['not UTF-8', '/api/alert', Buffer.from([0xff, 0xfe]), {}, 400],
    ['an empty body', '/api/alert', '', {}, 400],
    ['XML', '/api/alert', '<a/>', { 'content-type': 'application/xml' }, 415],
    ['an encoding nobody knows', '/api/alert', ALERTS, { 'content-encoding': 'zstd' }, 415],
    ['a source nobody knows', '/api/alert/nagios', ALERTS, {}, 404],
    ['a custom message without text', '/api/alert', '{"message":"","sender_id":"x"}', {}, 400],
    ['items that are all broken', '/api/alert/alertmanager', '{"alerts":[1]}', {}, 400],
    ['a gzip bomb', '/api/alert', gzipSync(Buffer.alloc(20_000_000, 32)), { 'content-encoding': 'gzip' }, 413],
  ])('for %s keeps the shape and says what to do', async (_name, path, body, headers, status) => {
    const { post, arrivals, lines } = await listening();
    const res = await post(path, body, headers);
    expect(res.status).toBe(status);
    expect(await json(res)).toMatchObject({ code: status, message: expect.stringMatching(/\w{3}/), data: {} });
    expect(arrivals.filter(({ alerts }) => alerts[0]?.source !== 'zhiban')).toEqual([]);
    expect(lines[0]).toMatchObject({ action: 'request_refused', status });
  });

  it('for an unknown source lists the known ones', async () => {
    const { post } = await listening();
    expect((await json(await post('/api/alert/toString')))['message']).toMatch(/alertmanager.*grafana-legacy.*custom/);
  });

  it.each([
    ['GET', '/api/alert', 'POST, PUT'],
    ['DELETE', '/api/alert/custom', 'POST, PUT'],
    ['PUT' as const, '/api/v2/alerts', 'POST'],
    ['POST', '/healthz', 'GET, HEAD'],
  ])('%s %s is 405 with Allow', async (method, path, allow) => {
    const { get } = await listening();
    const res = await get(path, method);
    expect([res.status, res.headers.get('allow')]).toEqual([405, allow]);
    expect(await json(res)).toMatchObject({ code: 405, data: {} });
  });

  it.each([
    ['too much is waiting', new Overloaded('queue'), '1'],
    ['nothing can be written', new StorageUnavailable('disk full at /secret/path'), '5'],
  ])('is 503 with Retry-After when %s', async (_name, err, after) => {
    const { post } = await listening({ accept: () => Promise.reject(err) });
    const res = await post('/api/alert');
    expect([res.status, res.headers.get('retry-after')]).toEqual([503, after]);
    expect(JSON.stringify(await json(res))).not.toContain('secret');
  });

  it('is 500 without details when we are wrong', async () => {
    const { post } = await listening({ accept: () => Promise.reject(new Error('password=hunter2')) });
    const res = await post('/api/alert');
    expect(res.status).toBe(500);
    expect(JSON.stringify(await json(res))).not.toContain('hunter2');
  });
});

describe('a body that is too large', () => {
  const MB = 1024 ** 2;

  it('is 413 by its declared length, before it is read, and the connection lives on', async () => {
    const { port } = await listening();
    const text = await rawExchange(port, (send) => {
      send(`POST /api/alert HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: ${11 * MB}\r\n\r\n`);
      send(Buffer.alloc(11 * MB, 32));
      send('GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n');
    });
    expect(text).toMatch(/^HTTP\/1\.1 413 [\s\S]*10 MiB[\s\S]*HTTP\/1\.1 200 /);
  });

  it('is 413 without a declared length too, and nothing of it is kept', async () => {
    const { port, url } = await listening();
    const before = process.memoryUsage().arrayBuffers;
    const status = await new Promise<number>((resolve, reject) => {
      const req = request(`${url}/api/alert`, { method: 'POST' }, (res) => {
        resolve(res.statusCode ?? 0);
        req.destroy();
      });
      req.on('error', reject);
      const chunk = Buffer.alloc(MB, 32);
      const feed = (): void => void (req.destroyed || req.write(chunk, feed));
      feed();
    });
    expect(status).toBe(413);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(60 * MB);
    expect(port).toBeGreaterThan(0);
  });

  it('opens an incident of ours that names the sender', async () => {
    const { port, arrivals } = await listening();
    await rawExchange(
      port,
      (send) => send(`POST /api/alert HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: ${11 * MB}\r\n\r\n`),
      300,
    );
    expect(arrivals.map(({ alerts }) => alerts[0])).toMatchObject([
      {
        integration: 'zhiban',
        source: 'zhiban',
        status: 'firing',
        labels: { sender: '127.0.0.1' },
        summary: expect.stringContaining('413'),
      },
    ]);
  });
});

describe('a sender that is refused again and again', () => {
  const bad = '{"a":';

  it('is reported at the fifth time in five minutes, once, and is well again when it is accepted', async () => {
    const { post, arrivals, clock } = await listening();
    const refuse = async (times: number): Promise<void> => {
      for (let n = 0; n < times; n += 1) await post('/api/alert', bad);
    };
    const states = () =>
      arrivals.flatMap(({ alerts }) => alerts.filter(({ source }) => source === 'zhiban').map(({ status }) => status));
    await refuse(4);
    expect(states()).toEqual([]);
    await refuse(4);
    expect(states()).toEqual(['firing']);
    await post('/api/alert');
    expect(states()).toEqual(['firing', 'resolved']);
    clock.time += 6 * 60_000;
    await refuse(4);
    expect(states()).toEqual(['firing', 'resolved']);
    const reports = arrivals.filter(({ alerts }) => alerts[0]?.source === 'zhiban');
    expect(reports[0]?.alerts[0]?.fingerprint).toBe(reports[1]?.alerts[0]?.fingerprint);
  });

  it('is reported in the language that is configured', async () => {
    const { post, arrivals } = await listening({ config: { LOCALE: 'zh-CN' } });
    for (let n = 0; n < 5; n += 1) await post('/api/alert', bad);
    expect(arrivals[0]?.alerts[0]?.title).toBe('来自 127.0.0.1 的告警被拒绝');
  });

  it('over hours is not reported for one mistake an hour', async () => {
    const { post, arrivals, clock } = await listening();
    for (let n = 0; n < 8; n += 1) {
      await post('/api/alert', bad);
      clock.time += 3_600_000;
    }
    expect(arrivals).toEqual([]);
  });
});
