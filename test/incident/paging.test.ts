import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideAction } from '../../src/incident/actions.ts';
import type { ActionFacts } from '../../src/incident/actions/decision.ts';
import { type Incident, SYSTEM } from '../../src/incident/incident.ts';
import { type PageTurn, firstPage, pageNow, readTurn, wantsPage, writeTurn } from '../../src/incident/paging.ts';
import type { IncidentAction, Policy } from '../../src/incident/ports.ts';
import { MINUTE, POLICY, START, alert, createWorld } from './world.ts';

const AFTER = 10 * MINUTE;
const PAGING: Policy = { ...POLICY, paging: { afterMs: AFTER, steps: ['app', 'sms', 'phone'] } };
const open = { status: 'open', severity: 'critical' } as const;
const at = (now: number, over: Partial<Parameters<typeof pageNow>[2]> = {}) => ({
  now,
  policy: PAGING,
  silenced: false,
  ...over,
});

const facts = (over: Partial<ActionFacts> = {}): ActionFacts => ({
  now: START,
  actor: { id: 'lark:ou_1', name: 'Li', via: 'lark' },
  policy: PAGING,
  silenced: false,
  ...over,
});

function opened(): Incident {
  const world = createWorld(PAGING);
  world.deliver([alert('a', { severity: 'critical' })], START);
  return world.only();
}

describe('a page', () => {
  it('is due once after the wait, then each step after as long again, and ends with the last', () => {
    const [first] = firstPage(PAGING, START);
    expect(first).toMatchObject({ due: 'page', at: START + AFTER });
    const turn = readTurn(first?.payload);
    expect(turn).toEqual({ index: 0, since: START });
    const app = pageNow(open, { index: 0, since: START }, at(START + AFTER));
    expect(app).toEqual({ step: 'app', next: { turn: { index: 1, since: START }, at: START + 2 * AFTER } });
    const phone = pageNow(open, { index: 2, since: START }, at(START + 3 * AFTER));
    expect(phone).toEqual({ step: 'phone' });
    expect(pageNow(open, { index: 3, since: START }, at(START + 4 * AFTER))).toBeUndefined();
  });

  it('does not come with the next one at once when we were down while it was due', () => {
    const late = START + 100 * AFTER;
    expect(pageNow(open, { index: 0, since: START }, at(late))?.next?.at).toBe(late + AFTER);
  });

  it('is off unless the policy has it', () => {
    expect(firstPage(POLICY, START)).toEqual([]);
    expect(pageNow(open, { index: 0, since: START }, at(START, { policy: POLICY }))).toBeUndefined();
  });

  it.each([
    [{ ...open, status: 'acknowledged' }, false],
    [{ ...open, status: 'resolved' }, false],
    [{ ...open, severity: 'warning' }, false],
    [open, true],
  ] as const)('is not sent for %j, silenced: %s', (one, silenced) => {
    expect(pageNow(one, { index: 0, since: START }, at(START + AFTER, { silenced }))).toBeUndefined();
  });

  it('is wanted exactly when a reminder is', () => {
    for (const status of ['open', 'acknowledged', 'resolved'] as const)
      for (const severity of ['critical', 'warning', 'info'] as const)
        for (const silenced of [true, false]) {
          const one = { ...opened(), status, severity };
          const reminded = decideAction(one, { kind: 'remind' }, facts({ actor: SYSTEM, silenced })).ok;
          expect(wantsPage(one, silenced)).toBe(reminded);
        }
  });

  it.each([undefined, '', 'x', '1', '@', '1@', '-1@5', '1@5x', '1.5@5', '99999@1'])('reads no turn from %j', (text) => {
    expect(readTurn(text)).toBeUndefined();
  });

  it('is planned anew by what makes an incident need somebody again', () => {
    const resolved: Incident = { ...opened(), status: 'resolved', resolvedAt: START, resolvedReason: 'manual' };
    const planned = { kind: 'schedule', due: 'page', at: START + AFTER, payload: `0@${START}` };
    expect(decideAction(resolved, { kind: 'reopen' }, facts())).toMatchObject({
      effects: expect.arrayContaining([planned]) as unknown,
    });
    const silenced: Incident = { ...opened(), silencedUntil: START };
    for (const kind of ['unsilence', 'silence_ended'] as const) {
      expect(decideAction(silenced, { kind }, facts())).toMatchObject({
        effects: expect.arrayContaining([planned]) as unknown,
      });
    }
    const taken: Incident = { ...silenced, status: 'acknowledged' };
    expect(JSON.stringify(decideAction(taken, { kind: 'unsilence' }, facts()))).not.toContain('"page"');
  });

  it('leaves a line in the story, whatever has become of the incident, and rings nobody', () => {
    const told: IncidentAction = { kind: 'paged', step: 'app', target: 'ops', people: 'Li' };
    for (const status of ['open', 'acknowledged', 'resolved'] as const) {
      const before = { ...opened(), status };
      expect(decideAction(before, told, facts({ actor: SYSTEM }))).toMatchObject({
        ok: true,
        urgent: false,
        incident: { ring: before.ring, revision: before.revision + 1 },
        entries: [{ kind: 'paged', data: { step: 'app', target: 'ops', people: 'Li' } }],
      });
    }
  });
});

/** What happens between two moments: somebody does something, an alert joins, or a while passes. */
type Event =
  | { readonly kind: 'act'; readonly action: IncidentAction }
  | { readonly kind: 'joins'; readonly name: string; readonly severity: 'critical' | 'warning' }
  | { readonly kind: 'stops'; readonly name: string };

const event: fc.Arbitrary<Event> = fc.oneof(
  fc
    .constantFrom<IncidentAction>(
      { kind: 'acknowledge' },
      { kind: 'resolve' },
      { kind: 'reopen' },
      { kind: 'assign', toId: 'lark:ou_2', toName: 'Wang' },
      { kind: 'remind' },
      { kind: 'stale' },
    )
    .map((action): Event => ({ kind: 'act', action })),
  fc.record({
    kind: fc.constant('joins' as const),
    name: fc.constantFrom('a', 'b', 'c'),
    severity: fc.constantFrom('critical' as const, 'warning' as const),
  }),
  fc.record({ kind: fc.constant('stops' as const), name: fc.constantFrom('a', 'b', 'c') }),
);

interface Sent {
  readonly at: number;
  readonly turn: PageTurn;
  readonly incident: Incident;
}

/** An incident's life by the minute, with its due-row as the store keeps it; resolves to the pages that went out. */
function play(history: readonly (readonly [Event, number])[]): readonly Sent[] {
  const world = createWorld(PAGING);
  const sent: Sent[] = [];
  let due: { readonly at: number; readonly turn: PageTurn } | undefined;
  let incident: Incident | undefined;
  const plan = (now: number): void => {
    const [first] = firstPage(PAGING, now);
    const turn = readTurn(first?.payload);
    if (first !== undefined && turn !== undefined) due = { at: first.at, turn };
  };
  const pass = (now: number): void => {
    if (due === undefined || due.at > now || incident === undefined) return;
    const { turn } = due;
    const page = pageNow(incident, turn, at(now));
    if (page !== undefined) sent.push({ at: now, turn, incident });
    due = page?.next;
  };
  const act = (action: IncidentAction, now: number): void => {
    const decision = incident === undefined ? undefined : decideAction(incident, action, facts({ now }));
    if (decision?.ok !== true) return;
    incident = decision.incident;
    world.put(incident);
    if (decision.effects.some((effect) => effect.kind === 'schedule' && effect.due === 'page')) plan(now);
  };
  const hear = (one: Exclude<Event, { kind: 'act' }>, now: number): void => {
    const fires = one.kind === 'joins';
    const more = { status: fires ? 'firing' : 'resolved', severity: fires ? one.severity : 'warning' } as const;
    for (const settled of world.deliver([alert(one.name, more)], now).settled) {
      ({ incident } = settled);
      if (settled.remind) plan(now);
    }
  };
  let now = START;
  for (const [one, minutes] of history) {
    for (const until = now + minutes * MINUTE; now < until; now += MINUTE) pass(now);
    if (one.kind === 'act') act(one.action, now);
    else hear(one, now);
  }
  return sent;
}

describe('any history', () => {
  it('pages nobody from an acknowledgement until the incident reopens, whatever joins, and no step twice', () => {
    let pages = 0;
    fc.assert(
      fc.property(fc.array(fc.tuple(event, fc.integer({ min: 0, max: 25 })), { maxLength: 25 }), (history) => {
        const sent = play(history);
        pages += sent.length;
        expect(sent.filter((page) => page.incident.acknowledgedAt !== undefined)).toEqual([]);
        expect(sent.filter((page) => page.incident.status !== 'open' || page.incident.severity !== 'critical')).toEqual(
          [],
        );
        expect(sent.filter((page) => page.at < page.turn.since + (page.turn.index + 1) * AFTER)).toEqual([]);
        expect(new Set(sent.map(({ turn }) => writeTurn(turn))).size).toBe(sent.length);
      }),
      { numRuns: 300 },
    );
    expect(pages).toBeGreaterThan(100);
  });
});
