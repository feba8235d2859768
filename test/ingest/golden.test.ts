import { describe, expect, it } from 'vitest';
import { SOURCES, detect, sourceNamed } from '../../src/ingest/detect.ts';
import { staleLimitMs } from '../../src/incident/stale.ts';
import { FIXTURES, fixture, ingested, only } from './fixtures.ts';

describe('which source a body is taken for', () => {
  it.each(FIXTURES)('%s is recognised by exactly its own source', (name) => {
    const takers = SOURCES.filter((source) => source.name !== 'unknown' && source.detect(fixture(name), {}));
    const expected = ['grafana-legacy', 'alertmanager', 'prometheus', 'grafana', 'custom', 'unknown'].find((source) =>
      name.startsWith(source),
    );
    expect(detect(fixture(name), {}).name).toBe(expected);
    // Grafana's body is an Alertmanager body with more in it: the order of the table decides that one pair.
    const others = takers.map((source) => source.name).filter((taker) => taker !== expected);
    expect(others).toEqual(name === 'grafana.json' ? ['alertmanager'] : []);
  });

  it('finds each source by its name and no other', () => {
    for (const source of SOURCES) expect(sourceNamed(source.name)).toBe(source);
    expect(sourceNamed('toString')).toBeUndefined();
  });

  it('says of a sender that it repeats exactly where incident policy counts on it', () => {
    const policy = { staleAfterMs: 1 } as never;
    const counted = SOURCES.filter(({ name }) => staleLimitMs(name, 0, policy) !== undefined);
    expect(counted).toEqual(SOURCES.filter(({ repeats }) => repeats));
  });
});

describe('Alertmanager', () => {
  it('gives one alert per item, with its own status, labels, times and links', () => {
    const { alerts, ignored } = ingested(fixture('alertmanager.json'));
    expect(ignored).toEqual([]);
    expect(alerts[0]).toEqual({
      integration: 'default',
      source: 'alertmanager',
      status: 'firing',
      fingerprint: '6b094fb1f4f1ca1e',
      title: 'HighLatency',
      summary: 'p99 高于 2s',
      severity: 'critical',
      severityRaw: 'critical',
      labels: { alertname: 'HighLatency', instance: '10.0.0.1:9100', job: 'api', severity: 'critical' },
      annotations: {
        summary: 'p99 高于 2s',
        description: 'p99 of api is 2.4 s',
        runbook_url: 'https://runbooks.example.com/latency',
      },
      groupLabels: { alertname: 'HighLatency' },
      startsAt: Date.parse('2026-11-22T00:54:44.372Z'),
      links: [
        { kind: 'graph', url: 'http://prometheus.example.com/graph?g0.expr=up' },
        { kind: 'runbook', url: 'https://runbooks.example.com/latency' },
        { kind: 'source', url: 'http://alertmanager.example.com:9093/' },
      ],
    });
    expect(alerts[1]).toMatchObject({ status: 'resolved', endsAt: Date.parse('2026-11-22T00:56:00Z') });
  });

  it('reads a bare list, one alert alone and an empty group', () => {
    expect(only(fixture('alertmanager-bare.json'))).toMatchObject({
      title: 'KubePodCrashLooping',
      summary: 'pod restarts',
      status: 'firing',
    });
    expect(only(fixture('alertmanager-single.json'))).toMatchObject({
      title: 'DiskFull',
      severity: 'critical',
      severityRaw: 'P1',
    });
    expect(ingested(fixture('alertmanager-empty.json'))).toMatchObject({ alerts: [], ignored: [] });
  });

  it('keeps the identity of an item without fingerprint whatever else is in its group', () => {
    const item = { status: 'firing', labels: { alertname: 'A', host: 'x' } };
    const alone = only({ version: '4', alerts: [item], commonLabels: { alertname: 'A', host: 'x' } });
    const { alerts } = ingested({
      version: '4',
      alerts: [item, { status: 'firing', labels: { alertname: 'A' } }],
      commonLabels: { alertname: 'A', extra: 'y' },
    });
    expect(alerts[0]?.fingerprint).toBe(alone.fingerprint);
  });

  it('does not believe the status of a cut group', () => {
    const body = { version: '4', status: 'resolved', truncatedAlerts: 3, alerts: [{ labels: { alertname: 'A' } }] };
    expect(only(body).status).toBe('firing');
    expect(only({ ...body, truncatedAlerts: 0 }).status).toBe('resolved');
  });

  it('ignores a broken item by its index and keeps the others', () => {
    const { alerts, ignored } = ingested({
      version: '4',
      alerts: [null, { status: 'firing', labels: { alertname: 'A' } }, { labels: 'x' }, {}],
    });
    expect(alerts.map(({ title }) => title)).toEqual(['A']);
    expect(ignored.map(({ index, malformed }) => [index, malformed])).toEqual([
      [0, true],
      [2, true],
      [3, true],
    ]);
    expect(ignored[1]?.reason).toBe('labels: must be an object');
  });

  it('answers healthy events as ignored and fires on words nobody knows', () => {
    const item = (status: string) => ({ version: '4', alerts: [{ status, labels: { alertname: 'A' } }] });
    expect(ingested(item('OK'))).toMatchObject({ alerts: [], ignored: [{ index: 0, malformed: false }] });
    expect(only(item('Resolved')).status).toBe('resolved');
    expect(only(item('exploded')).status).toBe('firing');
  });
});

describe('Prometheus straight at us', () => {
  it('fires while the end lies ahead and resolves when it has passed, under Alertmanager’s own fingerprint', () => {
    const { alerts } = ingested(fixture('prometheus.json'));
    // The fingerprints are those Alertmanager 0.25 gave these very alerts.
    expect(alerts.map(({ status, fingerprint }) => [status, fingerprint])).toEqual([
      ['firing', '6b094fb1f4f1ca1e'],
      ['resolved', 'd2aeefc389ca7746'],
    ]);
    expect(alerts[0]?.endsAt).toBeUndefined();
  });
});

describe('Grafana', () => {
  it('keeps the given fingerprint, joins relative addresses and names the rule behind a data source failure', () => {
    const { alerts } = ingested(fixture('grafana.json'));
    expect(alerts[0]).toMatchObject({
      source: 'grafana',
      title: 'CPU high',
      fingerprint: 'c6eadffa33fcdf37',
      severity: 'warning',
    });
    expect(alerts[0]?.links.map(({ kind, url }) => `${kind} ${url}`)).toEqual([
      'graph https://grafana.example.com/?orgId=1',
      'dashboard https://grafana.example.com/d/abc',
      'panel https://grafana.example.com/d/abc?viewPanel=1',
      'image https://grafana.example.com/render/1.png',
      'silence https://grafana.example.com/alerting/silence/new?alertmanager=grafana',
      'source https://grafana.example.com/',
    ]);
    expect(alerts[0]?.annotations['value']).toContain('97.2');
    expect(alerts[1]?.title).toBe('Orders per minute (DatasourceNoData)');
  });

  it('reads the old form; its recovery is the same alert', () => {
    const firing = only(fixture('grafana-legacy.json'));
    expect(firing).toMatchObject({
      title: 'Panel Title alert',
      severity: 'critical',
      severityRaw: 'high',
      status: 'firing',
    });
    expect(firing.annotations['values']).toBe('High value = 100\nHigher Value = 200');
    const resolved = only(fixture('grafana-legacy-ok.json'));
    expect(resolved).toMatchObject({ status: 'resolved', fingerprint: firing.fingerprint, links: [] });
  });

  it.each([['paused'], ['pending'], ['unheard of']])('ignores the old form’s state %s', (state) => {
    expect(ingested({ ruleId: 1, ruleName: 'r', state })).toMatchObject({
      alerts: [],
      ignored: [{ malformed: false }],
    });
  });

  it('fires on no_data and tells rules with id 0 apart by name', () => {
    const rule = (ruleName: string) => only({ ruleId: 0, orgId: 1, ruleName, state: 'no_data' });
    expect(rule('a').status).toBe('firing');
    expect(rule('a').fingerprint).not.toBe(rule('b').fingerprint);
  });
});

describe('the custom form', () => {
  it('reads title, labels and severity from the lines, in half and full width', () => {
    const alert = only(fixture('custom.json'));
    expect(alert).toMatchObject({
      source: 'custom',
      status: 'firing',
      title: '订单服务响应超时 352 ms',
      severity: 'critical',
      severityRaw: '严重',
      labels: { service: 'order-service', namespace: 'shop', severity: '严重' },
      startsAt: 1_795_309_200_000,
      links: [{ kind: 'dashboard', url: 'https://grafana.example.com/d/orders' }],
    });
    expect(ingested(fixture('custom.json')).chatId).toBe('oc_1');
  });

  it('never takes a status from the text, only from metadata', () => {
    expect(only({ message: '已恢复 resolved\n状态: resolved', sender_id: 'x' }).status).toBe('firing');
    expect(only(fixture('custom-resolved.json'))).toMatchObject({
      status: 'resolved',
      fingerprint: 'order-17',
      severity: 'warning',
    });
    expect(ingested({ message: 'm', sender_id: 'x', metadata: { status: 'ok' } }).alerts).toEqual([]);
  });

  it('stays the same alert when only the numbers of its title change', () => {
    const print = (message: string, sender = 'x') => only({ message, sender_id: sender }).fingerprint;
    expect(print('队列积压 120 条')).toBe(print('队列积压 4500 条'));
    expect(print('队列积压 120 条')).not.toBe(print('队列积压 120 条', 'y'));
  });

  describe('is one alert for each thing that it names', () => {
    const print = (message: string, metadata?: object) => only({ message, sender_id: 'x', metadata }).fingerprint;

    it.each([
      ['服务: checkout', '服务: cart'],
      ['命名空间: shop', '命名空间: pay'],
      ['主机: web-1', '主机: web-2'],
      ['实例: 10.0.0.1:9100', '实例: 10.0.0.2:9100'],
      ['服务: checkout', '主机: checkout'],
      ['服务: checkout\n服务: pay', '服务: checkout\n服务: cart'],
      ['服务: 订单', ''],
    ])('lines: %j is not %j', (one, other) => {
      expect(print(`[告警] 接口超时\n${one}`)).not.toBe(print(`[告警] 接口超时\n${other}`));
    });

    it.each([
      [{ service: 'checkout' }, { service: 'cart' }],
      [{ Host: 'web-1' }, { Host: 'web-2' }],
      [{ 集群: 'east' }, { 集群: 'west' }],
      [{ device: 'sda1' }, { device: 'sdb1' }],
    ])('metadata: %j is not %j', (one, other) => {
      expect(print('[告警] 接口超时', one)).not.toBe(print('[告警] 接口超时', other));
      expect(print('[告警] 接口超时\n服务: x', one)).not.toBe(print('[告警] 接口超时\n服务: x', other));
    });

    it.each([
      ['接口超时 352 ms\n服务: checkout', '接口超时 1204 ms\n服务:  checkout'],
      ['接口超时\n服务: checkout\n级别: 警告', '接口超时\n服务: checkout\n级别: 严重'],
      ['接口超时\n服务: checkout\n时间: 10:01:02', '接口超时\n服务: checkout\n时间: 10:02:07\n次数: 9'],
      ['磁盘将满\n主机: web-1 (93.5%)', '磁盘将满\n主机: web-1 (97%)'],
      ['磁盘将满\n主机: web-1 2026-11-22 10:01:02', '磁盘将满\n主机: web-1 2026-11-23 00:59:00'],
      ['接口超时\n服务: checkout', '接口超时\n服务：checkout'],
    ])('a repeat whose numbers, times or severity differ stays the same: %j, %j', (one, other) => {
      expect(print(one)).toBe(print(other));
    });

    it('whatever else metadata says, and wherever the name stands', () => {
      const first = print('接口超时\n服务: checkout', { trace: 'a', count: 3, timestamp: 1 });
      expect(print('接口超时\n服务: checkout', { trace: 'b', count: 4, timestamp: 2 })).toBe(first);
      expect(print('接口超时', { service: 'checkout' })).toBe(first);
      expect(print('接口超时\n服务: checkout', { service: 'checkout', severity: 'critical' })).toBe(first);
    });

    it('and each shows its own name', () => {
      const { labels, summary } = only({
        message: '接口超时\n服务: cart\n服务: pay',
        sender_id: 'x',
        metadata: { Host: 'web-1', service: 'pay', trace: 'a', namespace: '' },
      });
      expect(labels).toEqual({ service: 'cart, pay', host: 'web-1' });
      expect(summary).toBe('');
    });

    it('and what names nothing keeps the identity that stored alerts have', () => {
      expect(print('[告警] 队列积压 120 条')).toBe('0b9d6071b331b356');
    });
  });

  it('counts only listed senders when some are listed', () => {
    const body = { message: 'm', sender_id: 'x' };
    expect(ingested(body, { botIds: ['y'] })).toMatchObject({
      alerts: [],
      ignored: [{ reason: 'sender_id "x" is not listed in ALERT_BOT_IDS' }],
    });
    expect(ingested(body, { botIds: ['x'] }).alerts).toHaveLength(1);
  });

  it.each([
    [{ message: ' ', sender_id: 'x' }, 'message: must not be empty'],
    [{ message: 'm', sender_id: '' }, 'sender_id: must not be empty'],
    [{ message: 'm', sender_id: 'x', metadata: 'no' }, 'metadata: must be an object'],
  ])('names the field that is wrong in %j', (body, reason) => {
    expect(ingested(body).ignored).toEqual([{ index: 0, reason, malformed: true }]);
  });
});

describe('an unknown form', () => {
  it('is kept as text, severity info, and is the same alert the next time', () => {
    const alert = only(fixture('unknown.json'));
    expect(alert).toMatchObject({
      source: 'unknown',
      status: 'firing',
      severity: 'info',
      title: 'Backup failed on db-3',
      summary: 'exit code 2',
    });
    // A severity that the sender did not give must not read as one: a diagnosis would call the alert harmless.
    expect(alert).not.toHaveProperty('severityRaw');
    expect(alert.annotations['body']).toContain('"nested":{"a":[1,2,{"b":null}]}');
    expect(only({ ...(fixture('unknown.json') as object), when: '2026-11-23' }).fingerprint).toBe(alert.fingerprint);
  });

  it.each([[null], [5], [{}], [[]], ['']])('makes no alert of %j', (body) => {
    expect(ingested(body).alerts).toEqual([]);
  });
});
