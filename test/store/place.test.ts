import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Engine } from '../../src/store/database.ts';
import { createSealer } from '../../src/store/secrets.ts';
import { createTargets } from '../../src/store/targets.ts';
import { HOUR, MINUTE, START, alert, arrival, resolved } from '../incident/world.ts';
import { type Opened, describeEngines, openEngine } from '../support/engines.ts';
import { ALICE, type Bot, createBot } from './bot.ts';

describeEngines('where incidents are shown', (engine: Engine) => {
  let opened: Opened;
  let bot: Bot;
  beforeEach(async () => {
    opened = await openEngine(engine);
    bot = createBot(opened.database);
    await bot.addTarget('fallback');
    await bot.addTarget('ops');
  });
  afterEach(() => opened.close());

  const deliver = (list: Parameters<typeof arrival>[0], at = START, targetId?: string) => {
    bot.time.now = at;
    return bot.accept({ ...arrival(list, at), ...(targetId === undefined ? {} : { targetId }) });
  };
  const places = async () => (await bot.placements()).map(({ target_id }) => target_id);

  it('is the fallback when nothing is bound, due at once', async () => {
    await deliver([alert('a')]);
    expect(await bot.placements()).toMatchObject([
      {
        target_id: 'fallback',
        kind: 'incident',
        wanted_revision: 1,
        shown_revision: 0,
        dirty_since: START,
        priority: 1,
      },
    ]);
  });

  it('is every matching binding, and then not the fallback', async () => {
    await bot.bind('ops', [{ name: 'alertname', op: '=', value: 'HighLatency' }]);
    await bot.bind('ops', [{ name: 'severity', op: '=~', value: 'warning|critical' }]);
    await deliver([alert('a')]);
    expect(await places()).toEqual(['ops']);
    await deliver([alert('b', { groupLabels: { alertname: 'Disk' }, severity: 'info' })]);
    expect(await places()).toEqual(['fallback', 'ops']);
  });

  it('is the target the sender asked for, and stays it when others change the incident', async () => {
    await deliver([alert('a')], START, 'ops');
    await deliver([alert('b')], START + MINUTE);
    expect(await places()).toEqual(['ops']);
  });

  it('is never a target that is disabled or waits for approval: the fallback takes its place', async () => {
    await bot.addTarget('off', { enabled: 0 });
    await bot.addTarget('new', { pending: 1 });
    await bot.bind('off');
    await deliver([alert('a')], START, 'new');
    expect(await places()).toEqual(['fallback']);
  });

  it('grows with a binding made later, at the next change', async () => {
    await deliver([alert('a')]);
    await bot.bind('ops');
    await deliver([alert('a')], START + MINUTE);
    expect(await places()).toEqual(['fallback']);
    await deliver([alert('b')], START + MINUTE);
    expect(await bot.placements()).toMatchObject([
      { target_id: 'fallback', wanted_revision: 2 },
      { target_id: 'ops', wanted_revision: 2, shown_revision: 0 },
    ]);
  });

  it('raises what is wanted and touches neither a lease nor a Retry-After', async () => {
    await deliver([alert('a')]);
    const held = {
      lease_token: 'x',
      lease_until: START + HOUR,
      not_before: START + HOUR,
      shown_revision: 1,
      dirty_since: null,
    };
    await opened.database.db.updateTable('placements').set(held).execute();
    await deliver([alert('b')], START + MINUTE);
    expect(await bot.placements()).toMatchObject([
      { ...held, dirty_since: START + MINUTE, wanted_revision: 2, urgent_revision: 1 },
    ]);
    await deliver([alert('c', { severity: 'critical' })], START + 2 * MINUTE);
    expect(await bot.placements()).toMatchObject([
      { ...held, dirty_since: START + MINUTE, urgent_revision: 3, priority: 0 },
    ]);
  });

  it('is nowhere while silenced by matchers, and appears when that ends', async () => {
    const matchers = [{ name: 'alertname', op: '=', value: 'HighLatency' }] as const;
    const silence = await bot.silences.create({ matchers, until: START + HOUR, actor: ALICE });
    await deliver([alert('a')]);
    expect(await places()).toEqual([]);
    expect(await bot.incidents()).toMatchObject([{ status: 'open', firingCount: 1 }]);
    expect(await bot.due()).toEqual([
      { kind: 'silence_end', subject: silence.id, inMs: HOUR },
      { kind: 'stale', subject: 'INC-20261122-001', inMs: 10 * HOUR },
    ]);
    expect(await bot.silences.remove(silence.id, ALICE)).toBe(true);
    await deliver([alert('b')], START + MINUTE);
    expect(await places()).toEqual(['fallback']);
  });

  it.each(['removed', 'disabled', 'put back to wait'] as const)(
    'is the fallback at once for what is open, when its only target is %s',
    async (how) => {
      const { write, clock } = bot;
      const sealer = createSealer('a key for this test');
      const deps = { database: opened.database, write, clock, sealer, fallbackTargetId: () => 'fallback' };
      const targets = createTargets(deps);
      await bot.addTarget('hall');
      await bot.bind('ops');
      await deliver([alert('over', { groupLabels: { alertname: 'Over' } })]);
      await deliver([resolved('over', { groupLabels: { alertname: 'Over' } })]);
      const [seen] = (await deliver([alert('seen', { groupLabels: { alertname: 'Seen' } })], START, 'hall')).incidents;
      const [only] = (await deliver([alert('only', { groupLabels: { alertname: 'Only' } })])).incidents;
      bot.hints.length = 0;
      if (how === 'removed') await targets.remove('ops');
      else await targets.update('ops', how === 'disabled' ? { enabled: false } : { pending: true });
      const moved = (await bot.placements()).filter(({ target_id: id }) => id === 'fallback');
      expect(moved.map(({ subject_id: id }) => id)).toEqual([only?.id]);
      expect(moved).toMatchObject([{ wanted_revision: 1, shown_revision: 0, parked_reason: null }]);
      expect(bot.hints).toContainEqual({ kind: 'target', id: 'fallback' });
      expect((await bot.placements()).some(({ subject_id: id }) => id === seen?.id)).toBe(true);
    },
  );

  it('gains nothing when the incident is already over', async () => {
    await deliver([alert('a')]);
    await bot.bind('ops');
    await deliver([resolved('a')], START + MINUTE);
    expect(await places()).toEqual(['fallback']);
  });
});
