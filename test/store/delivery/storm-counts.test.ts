import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Severity } from '../../../src/incident/alert.ts';
import type { IncidentAction } from '../../../src/incident/ports.ts';
import type { Engine } from '../../../src/store/database.ts';
import { type World, openWorld } from '../../delivery/world.ts';
import { describeEngines } from '../../support/engines.ts';
import { ELSEWHERE, PER_MINUTE, type Step, createScene } from './storm-room.ts';

const at = fc.nat(30);
const severity = fc.constantFrom<Severity>('critical', 'warning', 'info');
const action = fc.constantFrom<IncidentAction>({ kind: 'acknowledge' }, { kind: 'resolve' }, { kind: 'reopen' });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('arrive'), count: fc.integer({ min: 1, max: 5 }), severity }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('act'), at, action }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('worsen', 'recover', 'show'), at }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('pass'), ms: fc.constantFrom(6000, 61_000, 301_000) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('look') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('die', 'revive', 'prune') }) },
);

describeEngines('a storm card', (engine: Engine) => {
  let world: World;
  let rooms = 0;
  beforeAll(async () => {
    world = await openWorld(engine, { channels: [], stormPerMinute: PER_MINUTE, fallback: ELSEWHERE });
    await world.addTarget(ELSEWHERE);
  });
  afterAll(() => world.close());

  /** Another room; nobody looks at the storms of the one before any more. */
  async function enter() {
    rooms += 1;
    await world.database.db.deleteFrom('due').where('kind', '=', 'storm').execute();
    const room = `room-${rooms}`;
    await world.addTarget(room);
    return createScene(world, room);
  }

  it('counts and lists what a naive recount does, whatever happened', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 16 }), async (steps) => {
        const scene = await enter();
        await scene.run({ kind: 'arrive', count: 5, severity: 'warning' });
        for (const one of steps) {
          await scene.run(one);
          await scene.looked();
          expect(await scene.cards()).toEqual(await scene.recounted());
        }
      }),
      { numRuns: engine === 'sqlite' ? 15 : 6 },
    );
  });

  it('hides nobody for good, whatever happened', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 16 }), async (steps) => {
        const scene = await enter();
        for (const one of [...steps, { kind: 'revive' } as const]) await scene.run(one);
        for (let turn = 0; turn < 60 && (await scene.watched()) > 0; turn += 1) {
          await scene.run({ kind: 'pass', ms: 61_000 });
          await scene.looked();
        }
        expect([await scene.watched(), await scene.hidden()]).toEqual([0, []]);
      }),
      { numRuns: engine === 'sqlite' ? 10 : 4 },
    );
  });

  it('that dies and comes back counts and hides nobody wrongly who is folded once more', async () => {
    const scene = await enter();
    for (const kind of ['die', 'revive'] as const) {
      await scene.run({ kind: 'arrive', count: 1, severity: 'critical' });
      await scene.run({ kind });
      await scene.run({ kind: 'act', at: 0, action: { kind: 'acknowledge' } });
    }
    await scene.run({ kind: 'arrive', count: 1, severity: 'critical' });
    await scene.looked();
    expect(await scene.cards()).toEqual(await scene.recounted());
    for (let turn = 0; turn < 60 && (await scene.watched()) > 0; turn += 1) {
      await scene.run({ kind: 'pass', ms: 61_000 });
      await scene.looked();
    }
    expect(await scene.hidden()).toEqual([]);
  });

  it('counts hundreds of changes in more than one transaction, and lets go of as many in more than one', async () => {
    const scene = await enter();
    await scene.run({ kind: 'arrive', count: 450, severity: 'warning' });
    await scene.end(2);
    await scene.run({ kind: 'look' });
    const [partly] = await scene.cards();
    expect(partly?.byStatus).toEqual({ open: 250, acknowledged: 0, resolved: 200 });
    await scene.looked();
    expect(await scene.cards()).toEqual(await scene.recounted());
    await scene.over();
    await scene.run({ kind: 'look' });
    expect(await scene.folded()).toBe(250);
    await scene.looked();
    expect([await scene.folded(), await scene.watched()]).toEqual([0, 0]);
  });

  it('that is over lets go of nobody, and shows nobody, who has changed and is not counted yet', async () => {
    const scene = await enter();
    await scene.run({ kind: 'arrive', count: 220, severity: 'warning' });
    await scene.over();
    await scene.end(2);
    await scene.run({ kind: 'look' });
    expect([await scene.folded(), await scene.due()]).toEqual([220, 0]);
    await scene.looked();
    expect([await scene.folded(), await scene.watched()]).toEqual([0, 0]);
    await scene.run({ kind: 'arrive', count: 10, severity: 'warning' });
    await scene.end(3);
    await scene.looked();
    await scene.end(4);
    await scene.over();
    await scene.run({ kind: 'look' });
    // Those of the first storm are on their own.
    expect([await scene.folded(), await scene.due()]).toEqual([10, 220]);
    await scene.looked();
    expect([await scene.folded(), await scene.due()]).toEqual([0, 220]);
  });

  it('counts once who was released and had to come back, and releases him again', async () => {
    const scene = await enter();
    await scene.run({ kind: 'arrive', count: 5, severity: 'warning' });
    await scene.run({ kind: 'show', at: 1 });
    await world.database.db.updateTable('placements').set({ message_key: null }).execute();
    await scene.run({ kind: 'arrive', count: 1, severity: 'warning' });
    expect(await scene.cards()).toEqual(await scene.recounted());
    expect((await scene.cards())[0]?.listed).toHaveLength(6);
  });

  it('does not count whom retention deleted, and is not deleted itself while it hides somebody', async () => {
    const scene = await enter();
    await scene.run({ kind: 'arrive', count: 60, severity: 'warning' });
    await scene.run({ kind: 'recover', at: 1 });
    await scene.looked();
    for (const _ of [1, 2, 3]) {
      await scene.run({ kind: 'pass', ms: 301_000 });
      await scene.looked();
    }
    await scene.run({ kind: 'prune' });
    const [card] = await scene.cards();
    expect([card?.total, card?.byStatus.resolved]).toEqual([59, 0]);
    expect(await scene.folded()).toBeGreaterThan(0);
    expect(await scene.watched()).toBe(1);
  });

  it('that is settled and shown once more is looked at until it is true', async () => {
    const scene = await enter();
    await scene.run({ kind: 'arrive', count: 5, severity: 'warning' });
    await scene.run({ kind: 'die' });
    await scene.looked();
    expect(await scene.watched()).toBe(0);
    await scene.run({ kind: 'act', at: 1, action: { kind: 'resolve' } });
    expect(await scene.cards()).not.toEqual(await scene.recounted());
    const before = await scene.wanted();
    await scene.looked();
    expect(await scene.cards()).toEqual(await scene.recounted());
    expect(await scene.wanted()).toBe(before + 1);
    expect(await scene.watched()).toBe(0);
  });
});
