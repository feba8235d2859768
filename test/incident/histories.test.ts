import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Alert } from '../../src/incident/alert.ts';
import { identityOf } from '../../src/incident/key.ts';
import { START, alert, arrival, createWorld } from './world.ts';

const NAMES = ['a', 'b', 'c', 'd'];
const SEVERITIES = ['critical', 'warning', 'info'] as const;
const SECOND = 1000;

/** One alert's life in its own order; `restarts` lets the sender forget when an episode began. */
interface History {
  readonly name: string;
  readonly group: string;
  readonly severity: (typeof SEVERITIES)[number];
  readonly steps: readonly { readonly firing: boolean; readonly restarts: boolean; readonly twice: boolean }[];
}

const step = fc.record({ firing: fc.boolean(), restarts: fc.boolean(), twice: fc.boolean() });
const history = (name: string) =>
  fc.record({
    name: fc.constant(name),
    group: fc.constantFrom('disk', 'latency'),
    severity: fc.constantFrom(...SEVERITIES),
    steps: fc.array(step, { minLength: 1, maxLength: 8 }),
  });
const histories = fc.tuple(...NAMES.map(history));

/** The deliveries of one history, each with the times its sender would give it. */
function deliveries({ name, group, severity, steps }: History): readonly Alert[] {
  let startsAt = START - 1000 * SECOND;
  return steps.flatMap(({ firing, restarts, twice }, at) => {
    if (restarts) startsAt = START - (900 - at) * SECOND;
    const one = alert(name, {
      groupLabels: { alertname: group },
      severity,
      startsAt,
      status: firing ? 'firing' : 'resolved',
      ...(firing ? {} : { endsAt: START - (890 - at) * SECOND }),
    });
    return twice ? [one, one] : [one];
  });
}

/** Merges the lists by a list of choices; each list keeps its own order. */
function interleave<T>(lists: readonly (readonly T[])[], choices: readonly number[]): readonly T[] {
  const waiting = lists.map((list) => [...list]);
  const merged: T[] = [];
  for (let turn = 0; waiting.some((list) => list.length > 0); turn += 1) {
    const open = waiting.filter((list) => list.length > 0);
    const next = open[(choices[turn] ?? 0) % open.length]?.shift();
    if (next !== undefined) merged.push(next);
  }
  return merged;
}

/** What does not depend on when things happened: everything but times, counters of attention and ids. */
function stateAfter(alerts: readonly Alert[], batches: readonly number[]) {
  const world = createWorld();
  let turn = 0;
  for (let at = 0; at < alerts.length; turn += 1) {
    const size = 1 + ((batches[turn] ?? 0) % 3);
    const now = START + at * SECOND;
    world.take(
      alerts.slice(at, at + size).map((one) => arrival([one], now, JSON.stringify(one))),
      now,
    );
    at += size;
  }
  return {
    world,
    state: {
      firing: world.firing(),
      incidents: world
        .all()
        .map(({ key, status, firingCount, alertsCount, severity }) => ({
          key,
          status,
          firingCount,
          alertsCount,
          severity: firingCount > 0 ? severity : 'over',
        }))
        .toSorted((a, b) => a.key.localeCompare(b.key)),
    },
  };
}

const choices = fc.array(fc.nat(100), { maxLength: 80 });

describe('histories of alerts', () => {
  it('end in the same state however those of different alerts are interleaved and batched', () => {
    fc.assert(
      fc.property(histories, choices, choices, choices, (all, order, batches, repeats) => {
        const lists = all.map(deliveries);
        const plain = stateAfter(lists.flat(), []).state;
        const merged = interleave(lists, order);
        const doubled = merged.flatMap((one, at) => ((repeats[at] ?? 0) % 2 === 0 ? [one] : [one, one]));
        expect(stateAfter(merged, batches).state).toEqual(plain);
        expect(stateAfter(doubled, batches).state).toEqual(plain);
      }),
      { numRuns: 300 },
    );
  });

  it('end with the true set of firing alerts once each one’s last delivery has come again, whatever came before', () => {
    fc.assert(
      fc.property(histories, fc.infiniteStream(fc.nat()), choices, (all, random, batches) => {
        const lists = all.map(deliveries);
        const noise = shuffled([...lists.flat(), ...lists.flat()], random);
        const last = lists.map((list) => list.at(-1)).filter((one) => one !== undefined);
        const truth = last
          .filter(({ status }) => status === 'firing')
          .map(identityOf)
          .toSorted();
        const { world, state } = stateAfter([...noise, ...last], batches);
        expect(state.firing).toEqual(truth);
        expect(world.all().reduce((sum, { firingCount }) => sum + firingCount, 0)).toBe(truth.length);
        for (const { status, firingCount } of world.all()) expect(status === 'resolved').toBe(firingCount === 0);
      }),
      { numRuns: 300 },
    );
  });

  it('raise a revision by one or not at all in a transaction, and ring never without it', () => {
    fc.assert(
      fc.property(histories, choices, choices, (all, order, batches) => {
        const alerts = interleave(all.map(deliveries), order);
        const world = createWorld();
        let at = 0;
        for (const [turn, one] of alerts.entries()) {
          const before = new Map(world.all().map((incident) => [incident.id, incident]));
          at += ((batches[turn] ?? 0) % 40) * 60_000;
          world.deliver([one], START + at);
          for (const incident of world.all()) {
            const { revision = 0, ring = 0 } = before.get(incident.id) ?? {};
            expect([0, 1]).toContain(incident.revision - revision);
            expect(incident.ring - ring).toBeLessThanOrEqual(incident.revision - revision);
          }
          const open = world.all().filter(({ status }) => status !== 'resolved');
          expect(new Set(open.map(({ key }) => key)).size).toBe(open.length);
        }
      }),
      { numRuns: 200 },
    );
  });
});

function shuffled<T>(list: T[], random: Iterable<number>): T[] {
  const numbers = random[Symbol.iterator]();
  for (let at = list.length - 1; at > 0; at -= 1) {
    const other = (numbers.next().value ?? 0) % (at + 1);
    const [a, b] = [list[at], list[other]];
    if (a !== undefined && b !== undefined) [list[at], list[other]] = [b, a];
  }
  return list;
}
