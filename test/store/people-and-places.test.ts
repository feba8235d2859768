import { afterEach, beforeEach, expect, it } from 'vitest';
import { createAudit } from '../../src/store/audit.ts';
import { createBindings } from '../../src/store/bindings.ts';
import type { Engine, Write } from '../../src/store/database.ts';
import { createDeliveries } from '../../src/store/deliveries.ts';
import { createInbox } from '../../src/store/inbox.ts';
import { createIntegrations } from '../../src/store/integrations.ts';
import { createOperators } from '../../src/store/operators.ts';
import { createPreferences } from '../../src/store/preferences.ts';
import { createReports } from '../../src/store/reports.ts';
import { createSealer } from '../../src/store/secrets.ts';
import { createStory } from '../../src/store/story.ts';
import { createTargetSecrets } from '../../src/store/target-secrets.ts';
import { createTargets, secretContext } from '../../src/store/targets.ts';
import { id } from '../operations/fakes.ts';
import { type Opened, describeEngines, openEngine } from '../support/engines.ts';
import { incidentRow } from './rows.ts';

const MINUTE = 60_000;

describeEngines('people and places', (engine: Engine) => {
  let opened: Opened;
  let now: number;
  let base: ReturnType<typeof depsOf>;
  beforeEach(async () => {
    opened = await openEngine(engine);
    now = Date.parse('2026-11-22T03:00:00Z');
    base = depsOf();
  });
  afterEach(() => opened.close());

  function depsOf() {
    const { database } = opened;
    const write: Write = (_priority, work) =>
      database.transaction((db) => work({ db, engine: database.engine, hint: () => undefined }));
    return { database, write, clock: { now: () => now }, sealer: createSealer('a key of sixteen') };
  }

  it('keep one person for one name and one account, whoever says it last', async () => {
    const operators = createOperators(base);
    const bob = await operators.add({ name: 'Bob', role: 'reader', ids: ['lark:ou_1'] });
    const again = await operators.add({ name: 'Bob', role: 'admin', ids: ['telegram:7'] });
    expect(again).toMatchObject({ id: bob.id, role: 'admin', ids: ['lark:ou_1', 'telegram:7'] });
    await operators.add({ name: 'Eve', role: 'reader', ids: ['telegram:7'] });
    expect((await operators.byExternalId('telegram:7'))?.name).toBe('Eve');
    expect(await operators.find('bob')).toMatchObject({ ids: ['lark:ou_1'] });
    expect(await operators.remove(bob.id)).toBe(true);
    expect(await operators.byExternalId('lark:ou_1')).toBeUndefined();
  });

  it('know who is named on which channel', async () => {
    const operators = createOperators(base);
    await operators.add({ name: 'Bob', role: 'responder', ids: ['lark:ou_1'] });
    expect(await operators.anyNamed('responder', 'lark')).toBe(true);
    expect(await operators.anyNamed('responder', 'playground')).toBe(false);
    expect(await operators.anyNamed('admin')).toBe(false);
  });

  it('join an account by a code once, and only for 15 minutes', async () => {
    const operators = createOperators(base);
    const bob = await operators.add({ name: 'Bob', role: 'reader', ids: [] });
    const { code } = await operators.makeLinkCode(bob.id);
    const stored = await base.database.reader.selectFrom('link_codes').select('code_hash').execute();
    expect(JSON.stringify(stored)).not.toContain(code.replace('-', ''));
    expect(await operators.redeemLinkCode('AAAA-AAAA', 'lark:ou_1')).toBeUndefined();
    expect(await operators.redeemLinkCode(code.toLowerCase().replace('-', ''), 'lark:ou_1')).toMatchObject({
      name: 'Bob',
    });
    expect(await operators.redeemLinkCode(code, 'lark:ou_2')).toBeUndefined();
    const late = await operators.makeLinkCode(bob.id);
    now += 16 * MINUTE;
    expect(await operators.redeemLinkCode(late.code, 'lark:ou_2')).toBeUndefined();
  });

  it('are one target for one address, also when asked for at once, with the secret sealed', async () => {
    const targets = createTargets(base);
    const [one, two] = await Promise.all(
      [1, 2].map(() =>
        targets.ensure('webhook', 'https://example.com/h?key=hush', { pending: false, secret: 'hush-hush' }),
      ),
    );
    expect(one?.id).toBe(two?.id);
    expect(one).toMatchObject({ name: 'webhook:example.com', hasSecret: true });
    const row = await base.database.reader.selectFrom('targets').selectAll().executeTakeFirstOrThrow();
    expect(row.secret).not.toContain('hush');
    expect(base.sealer.open(row.secret ?? '', secretContext(row.id))).toBe('hush-hush');
    expect(await targets.update(row.id, { secret: null, locale: 'en-US' })).toMatchObject({
      hasSecret: false,
      locale: 'en-US',
    });
    expect(await targets.find('WEBHOOK:example.com')).toMatchObject({ id: row.id });
    await targets.rememberTest(row.id, { at: now, ok: true, ms: 3, detail: 'x' });
    expect(await targets.get(row.id)).toMatchObject({ lastTest: { ok: true } });
    expect(await targets.remove(row.id)).toBe(true);
    expect(await targets.list()).toEqual([]);
  });

  it('keep a custom bot sealed, apart from their secret', async () => {
    const targets = createTargets(base);
    const secrets = createTargetSecrets(base.database, base.sealer);
    const fallback = { url: 'https://open.feishu.cn/open-apis/bot/v2/hook/key', secret: 'hush-hush' };
    const { id: sealed } = await targets.ensure('lark', 'oc_sealed', { pending: false, fallback });
    expect(await targets.get(sealed)).toMatchObject({ hasFallback: true, hasSecret: false });
    const row = await base.database.reader
      .selectFrom('targets')
      .selectAll()
      .where('id', '=', sealed)
      .executeTakeFirst();
    expect(row?.fallback).not.toMatch(/hush|hook/);
    expect(() => base.sealer.open(row?.fallback ?? '', secretContext(sealed))).toThrow('damaged');
    expect(await secrets.fallbackOf('lark', 'oc_sealed')).toEqual(fallback);
    await targets.update(sealed, { fallback: { url: fallback.url } });
    expect(await secrets.fallbackOf('lark', 'oc_sealed')).toEqual({ url: fallback.url });
    await targets.update(sealed, { fallback: null });
    expect(await secrets.fallbackOf('lark', 'oc_sealed')).toBeUndefined();
    expect(await secrets.fallbackOf('lark', 'oc_nowhere')).toBeUndefined();
    expect(await targets.remove(sealed)).toBe(true);
  });

  it('live again when a test message came through, not when it failed', async () => {
    const { database, write } = base;
    const targets = createTargets(base);
    const dead = await targets.ensure('webhook', 'https://dead.example.com/', { pending: false });
    await write('job', ({ db }) =>
      db.updateTable('targets').set({ state: 'dead', failures: 3 }).where('id', '=', dead.id).execute(),
    );
    const stateAfter = async (ok: boolean) => {
      await targets.rememberTest(dead.id, { at: now, ok, ms: 3, detail: 'x' });
      const row = await database.reader
        .selectFrom('targets')
        .select('state')
        .where('id', '=', dead.id)
        .executeTakeFirst();
      return row?.state;
    };
    expect(await stateAfter(false)).toBe('dead');
    expect(await stateAfter(true)).toBe('ok');
  });

  it('are bound once for the same matchers, and unbound with their target', async () => {
    const targets = createTargets(base);
    const bindings = createBindings(base);
    const { id: targetId } = await targets.ensure('playground', 'lobby', { pending: false });
    const matchers = [{ name: 'service', op: '=~', value: 'pay.*' }] as const;
    const binding = { event: 'incident', matchers, targetId, enabled: true, createdBy: 'cli' };
    const first = await bindings.add(binding);
    expect((await bindings.add(binding)).id).toBe(first.id);
    expect(await bindings.update(first.id, { enabled: false })).toMatchObject({ enabled: false, matchers });
    expect(await bindings.add(binding)).toMatchObject({ id: first.id, enabled: true });
    await targets.remove(targetId);
    expect(await bindings.list()).toEqual([]);
  });

  it('let integrations speak by key digests, two during a rotation, none when disabled or expired', async () => {
    const integrations = createIntegrations(base);
    const made = await integrations.add({ name: 'a', expiresAt: now + 60 * MINUTE, hmacSecret: 'secret-of-16-chars' });
    expect(await integrations.add({ name: 'a' })).toBeUndefined();
    expect(await integrations.credentials('a')).toMatchObject({
      keyHashes: { length: 1 },
      hmacSecrets: ['secret-of-16-chars'],
    });
    const stored = JSON.stringify(await base.database.reader.selectFrom('integrations').selectAll().execute());
    expect(stored).not.toContain(made?.key);
    expect(stored).not.toContain('secret-of');
    const a = made?.integration.id ?? '';
    await integrations.rotate(a, 10 * MINUTE);
    expect((await integrations.credentials('a'))?.keyHashes).toHaveLength(2);
    now += 11 * MINUTE;
    expect((await integrations.credentials('a'))?.keyHashes).toHaveLength(1);
    await integrations.disable(a, true);
    expect(await integrations.credentials('a')).toBeUndefined();
    await integrations.disable(a, false);
    now += 60 * MINUTE;
    expect(await integrations.credentials('a')).toBeUndefined();
  });

  it('tell when an integration was last used, at one write in five minutes however often it speaks', async () => {
    let writes = 0;
    let broken = false;
    const integrations = createIntegrations({
      ...base,
      write: (priority, work) => {
        writes += 1;
        return broken ? Promise.reject(new Error('the disk is full')) : base.write(priority, work);
      },
    });
    const lastUsed = async () => (await integrations.find('busy'))?.lastUsedAt;
    await integrations.add({ name: 'busy' });
    await integrations.add({ name: 'idle' });
    expect(await lastUsed()).toBeUndefined();
    const first = now;
    writes = 0;
    for (let second = 0; second < 299; second += 1) {
      await integrations.used('busy');
      now += 1000;
    }
    expect([await lastUsed(), writes]).toEqual([first, 1]);
    now += 1000;
    broken = true;
    await expect(integrations.used('busy')).rejects.toThrow('full');
    broken = false;
    await integrations.used('busy');
    expect([await lastUsed(), writes]).toEqual([now, 3]);
    now -= 60 * MINUTE;
    await integrations.used('busy');
    expect(await lastUsed()).toBe(now);
    expect((await integrations.find('idle'))?.lastUsedAt).toBeUndefined();
  });

  it('leave an audit that is read page by page, latest first', async () => {
    const audit = createAudit(base);
    const actor = { id: 'lark:ou_1', name: 'Bob', via: 'lark' };
    for (const operation of ['a', 'b', 'c']) {
      await audit.record({ at: now, actor, operation, outcome: 'ok', detail: '{}', traceId: 't' });
    }
    const first = await audit.list({ limit: 2 });
    expect(first).toMatchObject({ items: [{ operation: 'c' }, { operation: 'b' }], total: 3 });
    expect(await audit.list({ limit: 2, cursor: first.next ?? '' })).toMatchObject({
      items: [{ operation: 'a' }],
      next: null,
    });
    expect(await audit.list({ limit: 9, operation: 'b' })).toMatchObject({ total: 1 });
    expect(await audit.get(first.items[0]?.id ?? '')).toEqual(first.items[0]);
    expect(await audit.get('none')).toBeUndefined();
    await expect(audit.list({ limit: 2, cursor: 'bm9uZQ' })).rejects.toThrow('none of ours');
  });

  it('have a language of their own', async () => {
    const preferences = createPreferences(base);
    expect(await preferences.locale('lark:ou_1')).toBeUndefined();
    await preferences.setLocale('lark:ou_1', 'en-US');
    await preferences.setLocale('lark:ou_1', 'zh-CN');
    expect(await preferences.locale('lark:ou_1')).toBe('zh-CN');
  });

  it('take a message in once, together with its answers', async () => {
    const inbox = createInbox(base);
    const { id: targetId } = await createTargets(base).ensure('playground', 'lobby', { pending: false });
    const answer = {
      targetId,
      kind: 'answer',
      payload: { kind: 'message', content: { kind: 'text', text: [{ text: 'hi' }] } },
      dedupeKey: 'answer:playground:m1',
    } as const;
    expect(await inbox.seen('message:playground', 'm1')).toBe(false);
    await inbox.settle('message:playground', 'm1', [answer]);
    await inbox.settle('message:playground', 'm1', [answer]);
    expect(await inbox.seen('message:playground', 'm1')).toBe(true);
    expect(await createDeliveries(base).list({ limit: 9 })).toMatchObject({ total: 1 });
  });

  it('are counted for status and reports, and explained', async () => {
    await createTargets(base).ensure('playground', 'lobby', { pending: false });
    await base.database.db
      .insertInto('incidents')
      .values(['critical', 'warning', 'warning'].map((severity, n) => diskIncident(severity, n)))
      .execute();
    expect(await createReports(base).status()).toMatchObject({
      open: 2,
      acknowledged: 0,
      bySeverity: { critical: 1, warning: 1, info: 0 },
      worst: [{ severity: 'critical' }, { severity: 'warning' }],
      targets: [{ state: 'ok', pending: false }],
    });
    const report = await createReports(base).report('daily', now - 24 * 60 * MINUTE, now + 1);
    expect(report).toMatchObject({
      opened: { critical: 1, warning: 2, info: 0 },
      resolved: { warning: 1 },
      stillOpen: 2,
      mttrMs: 10 * MINUTE,
      noisiest: [{ title: 'disk', count: 3 }],
    });
    expect(report.openedOverTime?.reduce((sum, [, n]) => sum + n, 0)).toBe(3);
    expect(await createDeliveries(base).why(id('INC-20261122-000'))).toMatchObject({ places: [], attempts: [] });
    expect(await createDeliveries(base).why(id('INC-20261122-777'))).toBeUndefined();
    expect(await createStory(base).currentDiagnoses([id('INC-20261122-000')])).toEqual(new Map());
  });

  const diskIncident = (severity: string, n: number) =>
    incidentRow(`INC-20261122-00${n}`, {
      seq: n,
      status: n === 2 ? 'resolved' : 'open',
      severity,
      title: 'disk',
      source: 's',
      opened_at: now - 30 * MINUTE,
      last_seen_at: now,
      resolved_at: n === 2 ? now - 20 * MINUTE : null,
    });
});
