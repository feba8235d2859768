import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApi } from '../../src/console/api/api.ts';
import type { ApiDeps } from '../../src/console/api/ports.ts';
import { ROUTES } from '../../src/console/api/routes.ts';
import type { Delivery } from '../../src/operations/deliveries-port.ts';
import type { ProviderView, Providers } from '../../src/operations/provider.ts';
import type { Diagnosis } from '../../src/diagnose/diagnosis.ts';
import { createPerform } from '../../src/operations/perform.ts';
import type { Integration } from '../../src/operations/integrations-port.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { createFakeAccounting } from '../support/accounting.ts';
import { alert } from '../cards/sample.ts';
import { createFakeChanges } from '../support/changes.ts';
import { type Fakes, NOW, createFakes, id, incidentWith } from '../operations/fakes.ts';

const INCIDENT = 'INC-20261122-003';

const DIAGNOSIS: Diagnosis = {
  id: 'd1',
  incidentId: INCIDENT,
  status: 'ready',
  provider: 'rules',
  promptVersion: '1',
  family: 'disk',
  summary: 'The disk is full',
  causes: [{ statement: 'logs', confidence: 0.7, evidenceIds: ['E1'], key: 'disk/logs' }],
  steps: [{ text: 'look', risk: 'safe' }],
  evidence: [{ id: 'E1', source: 'alert', title: 'alert', text: 'disk 100%', at: NOW }],
  confidence: 0.7,
  createdAt: NOW,
};

const integration: Integration = { id: 'i1', name: 'cluster-a', hasHmacSecret: false, createdAt: NOW, lastUsedAt: NOW };

const PROVIDER: ProviderView = {
  id: 'p1',
  name: 'deepseek',
  kind: 'openai',
  from: 'row',
  model: 'deepseek-chat',
  baseUrl: 'https://api.deepseek.com/v1',
  hasApiKey: true,
  timeoutMs: 90_000,
  concurrency: 4,
  enabled: true,
  position: 1,
  state: { breaker: 'open', busy: 0, fault: 'auth', until: NOW },
  createdAt: NOW,
};

const FAKE_PROVIDERS: Providers = {
  list: async () => [PROVIDER],
  find: async (wanted) => (wanted === 'p1' ? PROVIDER : undefined),
  add: async () => undefined,
  change: async () => PROVIDER,
  remove: async () => true,
  test: async () => ({ ok: true, ms: 5, problems: [] }),
  unknown: async () => [],
};

const DEAD: Delivery = {
  id: 'o1',
  targetId: 't1',
  event: 'incident',
  state: 'dead',
  attempts: 3,
  lastError: 'refused',
  createdAt: NOW,
};

let fakes: Fakes;
let current: Diagnosis;
let base: string;
let close: () => void;
beforeEach(async () => {
  fakes = createFakes();
  current = DIAGNOSIS;
  const { ports } = fakes;
  const deps: ApiDeps = {
    ports,
    perform: createPerform({ ports, log: createLog('silent', []), metrics: createMetrics() }),
    integrations: {
      list: async () => [integration],
      find: async (wanted) => (wanted === 'i1' || wanted === 'cluster-a' ? integration : undefined),
      credentials: async () => undefined,
      add: async ({ name }) =>
        name === 'cluster-a' ? undefined : { integration: { ...integration, name }, key: 'zb_x' },
      disable: async (_id, disabled) => ({ ...integration, ...(disabled ? { disabledAt: NOW } : {}) }),
      rotate: async (_id, graceMs) => ({ integration: { ...integration, previousUntil: NOW + graceMs }, key: 'zb_y' }),
      used: async () => undefined,
    },
    providers: FAKE_PROVIDERS,
    alerts: {
      get: async (wanted) => (wanted === 'a1' ? alert('p', { id: 'a1' }) : undefined),
      list: async () => ({ items: [alert('p')], next: null, total: 1 }),
    },
    story: {
      timeline: async () => [],
      diagnoses: async () => [DIAGNOSIS],
      currentDiagnoses: async (ids) => new Map(ids.map((one) => [one, current])),
    },
    changes: createFakeChanges(() => NOW),
    ...createFakeAccounting(NOW),
    clock: { now: () => NOW },
    timezone: 'UTC',
    locale: 'en-US',
    defaultTargetId: 't1',
    takesFallback: ({ hostname }) => hostname === 'open.feishu.cn',
    sources: ['alertmanager'],
  };
  const server = createServer(express().use('/api/v1', createApi(deps)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1`;
  close = () => server.close();
});
afterEach(() => close());

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: { code: number; message: string; data: Record<string, unknown>; timestamp: string };
}

async function call(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const payload = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
  const response = await fetch(`${base}${path}`, { method, headers, ...payload });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Answer['body'] };
}

describe('an answer', () => {
  it('always has the one shape', async () => {
    const { status, body } = await call('GET', '/incidents');
    expect(status).toBe(200);
    expect(Object.keys(body).toSorted()).toEqual(['code', 'data', 'message', 'timestamp']);
    expect(body.timestamp).toMatch(/Z$/);
    expect(body.data).toMatchObject({ next: null, total: 1, items: [{ id: INCIDENT, diagnosis: { id: 'd1' } }] });
  });

  it('has the shape its route promises, for every list and every one', async () => {
    const one = {
      incidents: INCIDENT,
      targets: 't1',
      operators: 'o1',
      integrations: 'i1',
      silences: 's1',
      bindings: 'b1',
      changes: 'c1',
      quotas: 'q1',
      prices: 'm1',
      providers: 'p1',
      runbooks: 'disk',
      alerts: 'a1',
      deliveries: 'o1',
      audit: '1',
    };
    fakes.deliveries = [DEAD];
    fakes.operators = [{ id: 'o1', name: 'Bob', role: 'admin', ids: ['lark:ou_b'], createdAt: NOW }];
    await call('POST', '/silences', { matchers: [{ name: 'a', op: '=', value: 'b' }] });
    await call('POST', '/bindings', { target_id: 't1' });
    await call('POST', '/changes', { service: 'a', title: 'b' });
    const reads = ROUTES.filter(({ method }) => method === 'get');
    for (const { path, data } of reads) {
      const [, thing = ''] = path.split('/');
      const known = (one as Record<string, string>)[thing];
      const { status, body } = await call('GET', path.replace(':id', known ?? ''));
      expect([path, status, data.safeParse(body.data).error]).toEqual([path, 200, undefined]);
    }
  });
});

describe('a delivery', () => {
  it('that is dead is made due again, and recorded; any other is not there', async () => {
    fakes.deliveries = [DEAD];
    expect(await call('POST', '/deliveries/o1/retry')).toMatchObject({ status: 200, body: { data: { state: 'due' } } });
    expect(fakes.audited).toMatchObject([{ operation: 'deliveries.retry', subject: 'o1' }]);
    expect(await call('POST', '/deliveries/o2/retry')).toMatchObject({ status: 404 });
  });
});

describe('an incident', () => {
  it('is found by its id and by its number of today, and is missed in words', async () => {
    expect((await call('GET', `/incidents/${INCIDENT}`)).body.data).toMatchObject({
      id: INCIDENT,
      opened_at: expect.stringMatching(/Z$/),
    });
    expect((await call('GET', '/incidents/3')).body.data).toMatchObject({ id: INCIDENT });
    expect(await call('GET', '/incidents/INC-20200101-001')).toMatchObject({
      status: 404,
      body: { code: 404, data: {} },
    });
  });

  it('says that a diagnosis is pending, without an id or a word of it', async () => {
    current = { ...DIAGNOSIS, id: '', status: 'pending', summary: '', causes: [], evidence: [], confidence: 0 };
    const { body } = await call('GET', `/incidents/${INCIDENT}`);
    expect(body.data).toMatchObject({ diagnosis: { id: '', status: 'pending', causes: [] } });
    const evidence = await call('GET', `/incidents/${INCIDENT}/evidence`);
    expect(evidence.body.data).toMatchObject({ total: DIAGNOSIS.evidence.length });
  });

  it('shows what its diagnosis stands on', async () => {
    const { body } = await call('GET', `/incidents/${INCIDENT}/evidence`);
    expect(body.data).toMatchObject({ items: [{ id: 'E1', text: 'disk 100%' }], total: 1 });
  });

  it('is acted on like by a button, in the name given', async () => {
    const answer = await call('POST', `/incidents/${INCIDENT}/actions`, {
      action: 'resolve',
      actor: 'Bob',
      reason: 'rolled back',
    });
    expect(answer).toMatchObject({ status: 200, body: { data: { incident: { id: INCIDENT } } } });
    expect(fakes.asked).toMatchObject([
      { action: { kind: 'resolve', cause: 'rolled back' }, context: { actor: { id: 'api', name: 'Bob', via: 'api' } } },
    ]);
  });

  it('is acted on once for one Idempotency-Key', async () => {
    await call('POST', `/incidents/${INCIDENT}/actions`, { action: 'ack' }, { 'Idempotency-Key': 'k1' });
    expect(fakes.asked).toMatchObject([{ context: { inboundKey: 'api:k1' } }]);
  });

  it.each([
    ['illegal', 409],
    ['already', 200],
  ] as const)('answers what is %s with %i and the state of today', async (reason, status) => {
    fakes.respond = (incident) => ({ ok: false, reason, incident });
    const answer = await call('POST', `/incidents/${INCIDENT}/actions`, { action: 'ack' });
    expect(answer).toMatchObject({
      status,
      body: { code: status, data: { incident: { id: INCIDENT, status: 'open' } } },
    });
  });

  it.each([
    [{ action: 'explode' }, 'must be one of ack'],
    [{}, 'action'],
    [{ action: 'silence', duration: 'soon' }, '90s'],
    ['{', 'no JSON'],
  ])('refuses %j in words that say what to do', async (body, words) => {
    const answer = await call('POST', `/incidents/${INCIDENT}/actions`, body);
    expect(answer.status).toBe(400);
    expect(answer.body.message).toContain(words);
    expect(fakes.asked).toEqual([]);
  });

  it('that is not there gives 404', async () => {
    expect(await call('POST', '/incidents/INC-20200101-001/actions', { action: 'ack' })).toMatchObject({ status: 404 });
  });
});

describe('a list', () => {
  it('is narrowed by status, and refuses words that are none', async () => {
    fakes.incidents.push(incidentWith({ id: id('INC-20261122-004'), status: 'resolved' }));
    const { body } = await call('GET', '/incidents?status=resolved,acknowledged');
    expect(body.data).toMatchObject({ total: 1, items: [{ id: 'INC-20261122-004' }] });
    expect(await call('GET', '/incidents?status=broken')).toMatchObject({ status: 400 });
    expect(await call('GET', '/incidents?from=yesterday')).toMatchObject({ status: 400 });
    expect(await call('GET', '/incidents?limit=0')).toMatchObject({ status: 400 });
  });

  it('is turned page by page', async () => {
    fakes.operators = ['a', 'b', 'c'].map((name) => ({ id: name, name, role: 'reader', ids: [], createdAt: NOW }));
    const first = await call('GET', '/operators?limit=2');
    expect(first.body.data).toMatchObject({ items: [{ id: 'a' }, { id: 'b' }], total: 3 });
    const rest = await call('GET', `/operators?limit=2&cursor=${String(first.body.data['next'])}`);
    expect(rest.body.data).toMatchObject({ items: [{ id: 'c' }], next: null });
    expect(await call('GET', '/operators?cursor=x')).toMatchObject({ status: 400 });
  });
});

describe('what is set up', () => {
  it('makes a target, hides what its address keeps secret, and records it without the secret', async () => {
    const address = 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abc-def';
    const made = await call('POST', '/targets', { address, name: 'robot', secret: 'hush-hush' });
    expect(made).toMatchObject({ status: 201, body: { data: { channel: 'wecom-hook' } } });
    expect(JSON.stringify(made.body)).not.toMatch(/abc-def|hush/);
    expect(fakes.audited).toMatchObject([{ operation: 'targets.create', actor: { via: 'api' } }]);
    expect(JSON.stringify(fakes.audited)).not.toMatch(/abc-def|hush/);
    expect(await call('POST', '/targets', { address })).toMatchObject({ status: 409 });
    expect(await call('POST', '/targets', { address: 'nowhere' })).toMatchObject({ status: 400 });
  });

  it('takes a custom bot for a lark target, tells only that there is one, and forgets it again', async () => {
    const url = 'https://open.feishu.cn/open-apis/bot/v2/hook/abcd-efgh-ijkl';
    const made = await call('POST', '/targets', { address: 'lark:oc_1', fallback: { url, secret: 'hush-hush' } });
    expect(made).toMatchObject({ status: 201, body: { data: { has_fallback: true } } });
    expect(JSON.stringify([made.body, fakes.audited])).not.toMatch(/abcd-efgh|hush/);
    const path = `/targets/${String(made.body.data['id'])}`;
    expect((await call('PATCH', path, { fallback: null })).body.data).toMatchObject({ has_fallback: false });
    expect((await call('PATCH', path, { fallback: { url } })).body.data).toMatchObject({ has_fallback: true });
  });

  it('refuses a fallback that could not work', async () => {
    const made = await call('POST', '/targets', { address: 'lark:oc_1' });
    const path = `/targets/${String(made.body.data['id'])}`;
    const elsewhere = await call('PATCH', path, { fallback: { url: 'https://example.com/hook' } });
    expect(elsewhere).toMatchObject({ status: 400, body: { message: expect.stringContaining('custom bot') } });
    expect(await call('PATCH', path, { fallback: { url: 'no address' } })).toMatchObject({ status: 400 });
    const url = 'https://open.feishu.cn/open-apis/bot/v2/hook/abcd-efgh-ijkl';
    expect(await call('PATCH', '/targets/t1', { fallback: { url } })).toMatchObject({
      status: 400,
      body: { message: 'Only a lark target has a fallback.' },
    });
    expect(await call('POST', '/targets', { address: 'playground:x', fallback: { url } })).toMatchObject({
      status: 400,
    });
    expect((await call('GET', path)).body.data).toMatchObject({ has_fallback: false });
  });

  it('tests a target and remembers how it went', async () => {
    expect((await call('POST', '/targets/t1/test')).body.data).toMatchObject({ ok: true, ms: 12 });
  });

  it('keeps the target that incidents fall back to', async () => {
    expect(await call('DELETE', '/targets/t1')).toMatchObject({ status: 409 });
    expect(await call('PATCH', '/targets/t1', { enabled: false })).toMatchObject({ status: 409 });
    expect(await call('PATCH', '/targets/t1', { pending: true })).toMatchObject({ status: 409 });
    expect(await call('PATCH', '/targets/t1', { enabled: true, pending: false })).toMatchObject({ status: 200 });
    expect(await call('GET', '/targets/t1')).toMatchObject({ status: 200 });
  });

  it('binds only to targets that are there', async () => {
    expect(await call('POST', '/bindings', { target_id: 'nope' })).toMatchObject({ status: 400 });
    const bad = { target_id: 't1', matchers: [{ name: 'a', op: '=~', value: '(' }] };
    expect(await call('POST', '/bindings', bad)).toMatchObject({ status: 400 });
    expect(await call('POST', '/bindings', { target_id: 't1' })).toMatchObject({ status: 201 });
  });

  it('tells the key of an integration once, and none in a list', async () => {
    expect((await call('POST', '/integrations', { name: 'b' })).body.data).toMatchObject({ name: 'b', key: 'zb_x' });
    expect(await call('POST', '/integrations', { name: 'cluster-a' })).toMatchObject({ status: 409 });
    expect(JSON.stringify((await call('GET', '/integrations')).body)).not.toContain('zb_');
    expect((await call('GET', '/integrations/cluster-a')).body.data).toMatchObject({
      last_used_at: new Date(NOW).toISOString(),
    });
    const rotated = await call('POST', '/integrations/cluster-a/rotate', { grace: '1h' });
    expect(rotated.body.data).toMatchObject({ key: 'zb_y', previous_until: new Date(NOW + 3_600_000).toISOString() });
  });

  it('gives no integration a name under which alerts come already', async () => {
    for (const name of ['default', 'chat', 'zhiban', 'Not A Name', ''])
      expect({ name, ...(await call('POST', '/integrations', { name })) }).toMatchObject({ name, status: 400 });
  });

  it('silences by labels and ends it again', async () => {
    const made = await call('POST', '/silences', {
      matchers: [{ name: 'service', op: '=', value: 'pay' }],
      duration: '1h',
    });
    expect(made).toMatchObject({ status: 201, body: { data: { id: 's1' } } });
    expect(await call('POST', '/silences', { matchers: [] })).toMatchObject({ status: 400 });
    expect(await call('DELETE', '/silences/s1')).toMatchObject({ status: 200 });
    expect(await call('DELETE', '/silences/s1')).toMatchObject({ status: 404 });
  });
});

describe('the description', () => {
  it('names every route with its method', async () => {
    const response = await fetch(`${base}/openapi.json`);
    const document = (await response.json()) as { openapi: string; paths: Record<string, Record<string, object>> };
    expect(document.openapi).toBe('3.1.0');
    const missing = ROUTES.filter(({ path, method }) => !document.paths[path.replace(/:(\w+)/g, '{$1}')]?.[method]);
    expect(missing.map(({ path }) => path)).toEqual([]);
    const ids = Object.values(document.paths).flatMap((one) =>
      Object.values(one).map((operation) => (operation as { operationId: string }).operationId),
    );
    expect(new Set(ids).size).toBe(ROUTES.length);
  });

  it('has the filters of a list and the fields of a thing', async () => {
    const document = await (await fetch(`${base}/openapi.json`)).text();
    for (const name of ['severity', 'cursor', 'assignee', 'evidence_ids', 'diagnosis_id'])
      expect(document).toContain(name);
  });
});

describe('what is not there', () => {
  it('is 404 with the way to look, and another method 405 with those that are', async () => {
    expect(await call('GET', '/nothing')).toMatchObject({
      status: 404,
      body: { message: 'Nothing is served at /api/v1/nothing; /api/v1/openapi.json lists what is.' },
    });
    const wrong = await call('PUT', '/incidents');
    expect(wrong.status).toBe(405);
    expect(wrong.headers.get('Allow')).toBe('GET');
  });
});
