import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PlatformUnavailable, RateLimited } from '../../src/errors.ts';
import type { Engine } from '../../src/store/database.ts';
import { openDatabase } from '../../src/store/open.ts';
import { type Opened, SILENT, describeServers, openEngine } from '../support/engines.ts';
import { createFakeChannel } from '../support/fake-channel.ts';
import { type World, type WorldOptions, until, worldOn } from './world.ts';

/** What happens while two workers deliver: changes, and calls that fail in every way there is. */
const history = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant('alert' as const),
      name: fc.integer({ min: 0, max: 5 }),
      room: fc.integer({ min: 1, max: 3 }),
    }),
    fc.record({ kind: fc.constant('note' as const), name: fc.integer({ min: 0, max: 5 }) }),
    fc.record({ kind: fc.constant('resolve' as const), name: fc.integer({ min: 0, max: 5 }) }),
    fc.record({ kind: fc.constant('fail' as const), how: fc.constantFrom('throttle', 'lost', 'down') }),
    fc.record({ kind: fc.constant('steal' as const) }),
  ),
  { minLength: 5, maxLength: 25 },
);

const ROOMS = ['room-1', 'room-2', 'room-3'];
/** A history is nearly all waiting, so several go on at once, each on a database of its own. */
const AT_ONCE = 8;
/** One after the other on each, with alerts of their own: opening a database takes longer than a history. */
const IN_A_ROW = 4;

describeServers('two workers', (engine: Engine) => {
  it('never show one placement at once, and every card ends at its incident’s state', async () => {
    const stages = await Promise.all(Array.from({ length: AT_ONCE }, () => openStage(engine)));
    await Promise.all(
      stages.map(async (stage) => {
        let played = 0;
        const holds = fc.asyncProperty(history, async (events) => {
          played += 1;
          await play(events, `H${played}`, stage);
          await settled(stage);
          const { shown, wanted, posts } = await endOf(stage);
          expect(stage.fake.mostAtOnce()).toBeLessThanOrEqual(1);
          expect(shown).toEqual(wanted);
          expect(posts).toBe(wanted.length);
        });
        await fc.assert(holds, { numRuns: IN_A_ROW, endOnFailure: true });
      }),
    );
    await Promise.all(stages.map((stage) => stage.close()));
  });
});

type Happening = typeof history extends fc.Arbitrary<(infer One)[]> ? One : never;

async function openStage(engine: Engine) {
  const fake = createFakeChannel();
  const failures: Error[] = [];
  fake.script(async () => {
    await new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 60));
    const failure = failures.pop();
    if (failure !== undefined) throw failure;
  });
  const opened = await openEngine(engine);
  const time = { ahead: 0 };
  const world = worldOn(opened, { channels: [fake.channel], time });
  const twin = await replicaOf(opened, world, { channels: [fake.channel], time });
  for (const id of ROOMS) await world.addTarget(id);
  const workers = [world.start(), twin.start()];
  return {
    fake,
    /** What the next calls meet. */
    failures,
    world,
    twin,
    workers,
    close: async () => {
      if (twin !== world) await twin.close();
      await world.close();
    },
  };
}

type Stage = Awaited<ReturnType<typeof openStage>>;

async function play(events: readonly Happening[], prefix: string, { world, twin, workers, failures }: Stage) {
  const ids = new Map<number, string>();
  for (const event of events) {
    if (event.kind === 'alert') {
      const [id = ''] = await (event.name % 2 === 0 ? world : twin).alert([`${prefix}A${event.name}`], {
        targetId: `room-${event.room}`,
      });
      ids.set(event.name, id);
    } else if (event.kind === 'fail') {
      failures.push(failureOf(event.how));
    } else if (event.kind === 'steal') {
      // The lanes' leases run out under their holders, who may be amid a call: only the placements' own hold.
      await world.database.db.updateTable('targets').set({ lease_token: null, lease_until: 0 }).execute();
      for (const id of ROOMS) workers.forEach(({ delivery }) => delivery.wake(id));
      await new Promise((resolve) => setTimeout(resolve, 15));
    } else {
      const id = ids.get(event.name);
      if (id !== undefined)
        await world.act(id, event.kind === 'note' ? { kind: 'note', text: 'n' } : { kind: 'resolve' });
    }
  }
}

/** Everything wanted is shown. What calls were still to meet is over with the history. */
async function settled({ world, failures }: Stage): Promise<void> {
  await until(async () => {
    // Ten times as fast as it passes: delays end soon, and no lease ends under a call.
    world.time.ahead += 100;
    return (await world.placements()).every((row) => row.shown_revision >= row.wanted_revision);
  }, 12_000);
  failures.length = 0;
}

async function endOf({ world, fake }: Stage) {
  const incidents = await world.database.db.selectFrom('incidents').select(['id', 'revision']).execute();
  const placements = await world.placements();
  const cards = placements.map(({ ref }) => fake.cards.get(ref ?? ''));
  return {
    shown: cards.map((card) => [card?.about, card?.rev]),
    wanted: placements.map((row) => [row.subject_id, incidents.find(({ id }) => id === row.subject_id)?.revision]),
    posts: new Set(fake.of('post').map(({ key }) => key)).size,
  };
}

/** A second process: its own connections and committer where the engine allows one, else a second worker in the first. */
async function replicaOf(opened: Opened, world: World, options: WorldOptions): Promise<World> {
  if (opened.database.engine === 'sqlite') return world;
  const database = await openDatabase({ url: opened.url, dataDir: opened.dataDir, log: SILENT });
  return worldOn({ ...opened, database, close: () => database.close() }, options);
}

function failureOf(how: string): Error {
  if (how === 'throttle') return new RateLimited('fake', 10);
  return new PlatformUnavailable(how, how === 'lost');
}
