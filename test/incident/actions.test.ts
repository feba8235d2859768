import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideAction } from '../../src/incident/actions.ts';
import type { ActionFacts } from '../../src/incident/actions/decision.ts';
import { incidentId } from '../../src/incident/id.ts';
import { type Actor, type Incident, STATUSES, SYSTEM } from '../../src/incident/incident.ts';
import type { IncidentAction } from '../../src/incident/ports.ts';
import { MOVES, moved } from '../../src/incident/transitions.ts';
import { HOUR, MINUTE, POLICY, START, alert, createWorld } from './world.ts';

const ALICE: Actor = { id: 'lark:ou_1', name: 'Alice', via: 'lark' };
const DAY = 24 * HOUR;

const facts = (over: Partial<ActionFacts> = {}): ActionFacts => ({
  now: START + HOUR,
  actor: ALICE,
  policy: POLICY,
  silenced: false,
  ...over,
});

function incident(over: Partial<Incident> = {}): Incident {
  const world = createWorld();
  world.deliver([alert('a', { severity: 'critical' })], START);
  return { ...world.only(), ...over };
}

const resolvedIncident = (over: Partial<Incident> = {}): Incident =>
  incident({ status: 'resolved', resolvedAt: START + MINUTE, resolvedReason: 'manual', firingCount: 0, ...over });

const decide = (action: IncidentAction, over: Partial<Incident> = {}, known: Partial<ActionFacts> = {}) =>
  decideAction(incident(over), action, facts(known));

describe('what people do', () => {
  it('acknowledges once, and gives the incident to whoever did unless somebody has it', () => {
    expect(decide({ kind: 'acknowledge' })).toMatchObject({
      ok: true,
      incident: { status: 'acknowledged', acknowledgedBy: 'Alice', assignee: 'Alice', revision: 2, ring: 1 },
    });
    expect(decide({ kind: 'acknowledge' }, { assignee: 'Bob', assigneeId: 'b' })).toMatchObject({
      incident: { assignee: 'Bob', acknowledgedBy: 'Alice' },
    });
    expect(decide({ kind: 'acknowledge' }, { status: 'acknowledged' })).toMatchObject({ ok: false, reason: 'already' });
    expect(decide({ kind: 'acknowledge' }, { status: 'resolved' })).toMatchObject({ ok: false, reason: 'illegal' });
  });

  it('assigns and tells the person', () => {
    const action: IncidentAction = { kind: 'assign', toId: 'lark:ou_2', toName: 'Bob' };
    expect(decide(action)).toMatchObject({ incident: { assignee: 'Bob', ring: 2, ringReason: 'assigned' } });
    expect(decide(action, { assigneeId: 'lark:ou_2' })).toMatchObject({ reason: 'already' });
    expect(decide(action, { status: 'resolved' })).toMatchObject({ reason: 'illegal' });
  });

  it('resolves, once, with the cause', () => {
    expect(decide({ kind: 'resolve', cause: 'disk' })).toMatchObject({
      incident: {
        status: 'resolved',
        resolvedReason: 'manual',
        resolvedBy: 'Alice',
        cause: 'disk',
        ringReason: 'resolved',
      },
      effects: [{ kind: 'schedule', due: 'index' }],
    });
    expect(decide({ kind: 'resolve' }, { status: 'resolved' })).toMatchObject({ reason: 'already' });
  });

  it('asks again when alerts joined since what the person saw, but not without a rev', () => {
    expect(decide({ kind: 'resolve', rev: 1 }, {}, { joinedSince: 3 })).toMatchObject({ reason: 'changed', joined: 3 });
    expect(decide({ kind: 'resolve', rev: 1 }, {}, { joinedSince: 0 })).toMatchObject({ ok: true });
    expect(decide({ kind: 'resolve' }, {}, { joinedSince: 3 })).toMatchObject({ ok: true });
  });

  it('reopens by hand, or names the incident that has taken the place', () => {
    const other = incidentId('20261122', 7);
    expect(decideAction(resolvedIncident(), { kind: 'reopen' }, facts())).toMatchObject({
      incident: { status: 'open', ringReason: 'reopened' },
      effects: [{ kind: 'place' }, { due: 'diagnose' }, { due: 'remind' }],
    });
    expect(decideAction(resolvedIncident(), { kind: 'reopen' }, facts({ openOfKey: other }))).toMatchObject({
      reason: 'superseded',
      by: other,
    });
    expect(decide({ kind: 'reopen' })).toMatchObject({ reason: 'already' });
  });

  it('silences for at most thirty days and only what is going on', () => {
    const until = START + 90 * DAY;
    expect(decide({ kind: 'silence', until })).toMatchObject({ incident: { silencedUntil: START + HOUR + 30 * DAY } });
    expect(decide({ kind: 'silence', until: START })).toMatchObject({ reason: 'illegal' });
    expect(decide({ kind: 'silence', until }, { status: 'resolved' })).toMatchObject({ reason: 'illegal' });
    expect(decide({ kind: 'unsilence' })).toMatchObject({ reason: 'already' });
    expect(decide({ kind: 'unsilence' }, { silencedUntil: until })).toMatchObject({
      effects: [{ kind: 'place' }, {}, {}],
    });
  });

  it('goes out at once, what the system does only when it rings', () => {
    expect(decide({ kind: 'note', text: 'x' })).toMatchObject({ urgent: true });
    const diagnosed: IncidentAction = { kind: 'diagnosed', provider: 'rules', status: 'ready' };
    expect(decide(diagnosed, {}, { actor: SYSTEM })).toMatchObject({
      urgent: false,
      incident: { revision: 2, ring: 1 },
    });
    expect(decide({ kind: 'stale' }, {}, { actor: SYSTEM })).toMatchObject({ urgent: true });
  });
});

describe('verdicts', () => {
  const ready = { id: 'd2', status: 'ready' };

  it('apply only to their own diagnosis, and without an id to the current one', () => {
    const wrong = decide({ kind: 'confirm', diagnosisId: 'd1' }, {}, { diagnosis: ready });
    expect(wrong).toMatchObject({ reason: 'other_diagnosis', diagnosisId: 'd2' });
    expect(decide({ kind: 'confirm' }, {}, { diagnosis: ready })).toMatchObject({ ok: true });
    expect(decide({ kind: 'confirm' })).toMatchObject({ reason: 'no_diagnosis' });
    expect(decide({ kind: 'reject' }, {}, { diagnosis: { id: 'd', status: 'pending' } })).toMatchObject({
      reason: 'no_diagnosis',
    });
  });

  it('acknowledge for whoever confirms when nobody has, also when the diagnosis was confirmed before', () => {
    expect(decide({ kind: 'confirm' }, {}, { diagnosis: ready })).toMatchObject({
      incident: { status: 'acknowledged', acknowledgedBy: 'Alice', revision: 2 },
      entries: [{ kind: 'confirmed' }, { kind: 'acknowledged' }],
      effects: [{ kind: 'verdict', verdict: 'confirmed' }],
    });
    const confirmed = { id: 'd2', status: 'confirmed' };
    expect(decide({ kind: 'confirm' }, {}, { diagnosis: confirmed })).toMatchObject({ ok: true, effects: [] });
    expect(decide({ kind: 'confirm' }, { status: 'acknowledged' }, { diagnosis: confirmed })).toMatchObject({
      reason: 'already',
    });
  });

  it('let a reason follow a rejection without one', () => {
    const rejected = { id: 'd2', status: 'rejected' };
    expect(decide({ kind: 'reject' }, {}, { diagnosis: rejected })).toMatchObject({ reason: 'already' });
    expect(decide({ kind: 'reject', reason: 'no' }, {}, { diagnosis: rejected })).toMatchObject({
      effects: [{ verdict: 'rejected', reason: 'no' }],
    });
  });
});

describe('what time does', () => {
  const byTime = { actor: SYSTEM };

  it('reminds of a critical incident that nobody has acknowledged, and schedules the next', () => {
    expect(decide({ kind: 'remind' }, {}, byTime)).toMatchObject({
      incident: { ring: 2, ringReason: 'unacknowledged' },
      effects: [{ due: 'remind', at: START + HOUR + POLICY.remindAfterMs }],
    });
    expect(decide({ kind: 'remind' }, { status: 'acknowledged' }, byTime)).toMatchObject({ ok: false });
    expect(decide({ kind: 'remind' }, { severity: 'warning' }, byTime)).toMatchObject({ ok: false });
    expect(decide({ kind: 'remind' }, {}, { ...byTime, silenced: true })).toMatchObject({ ok: false });
  });

  it('marks stale once, and expires with the alerts it no longer believes in', () => {
    expect(decide({ kind: 'stale' }, {}, byTime)).toMatchObject({ incident: { staleSince: START + HOUR, ring: 2 } });
    expect(decide({ kind: 'stale' }, { staleSince: START }, byTime)).toMatchObject({ reason: 'already' });
    expect(decide({ kind: 'expire' }, { staleSince: START }, byTime)).toMatchObject({
      incident: { status: 'resolved', resolvedReason: 'expired', firingCount: 0 },
      effects: [{ due: 'index' }, { kind: 'end_alerts' }],
    });
  });

  it('shows an incident when its silence is over, not before, and not while another holds', () => {
    const over = { silencedUntil: START + HOUR };
    expect(decide({ kind: 'silence_ended' }, over, byTime)).toMatchObject({
      ok: true,
      urgent: true,
      incident: { revision: 2, ring: 1 },
    });
    expect(decide({ kind: 'silence_ended' }, { silencedUntil: START + DAY }, byTime)).toMatchObject({ ok: false });
    expect(decide({ kind: 'silence_ended' }, over, { ...byTime, silenced: true })).toMatchObject({ ok: false });
  });

  it('rings nobody while silenced', () => {
    for (const action of [{ kind: 'stale' }, { kind: 'expire' }, { kind: 'resolve' }] as const) {
      expect(decide(action, {}, { silenced: true })).toMatchObject({ ok: true, incident: { ring: 1, revision: 2 } });
    }
  });
});

const action: fc.Arbitrary<IncidentAction> = fc.oneof(
  fc.constantFrom<IncidentAction>(
    { kind: 'acknowledge' },
    { kind: 'assign', toId: 'lark:ou_2', toName: 'Bob' },
    { kind: 'note', text: 'x' },
    { kind: 'resolve' },
    { kind: 'resolve', cause: 'c', rev: 1 },
    { kind: 'reopen' },
    { kind: 'unsilence' },
    { kind: 'confirm' },
    { kind: 'reject', reason: 'r' },
    { kind: 'rediagnose' },
    { kind: 'stale' },
    { kind: 'expire' },
    { kind: 'remind' },
    { kind: 'silence_ended' },
    { kind: 'diagnosed', provider: 'rules', status: 'ready' },
  ),
  fc.integer({ min: -5, max: 50 }).map((hours): IncidentAction => ({ kind: 'silence', until: START + hours * HOUR })),
);

describe('any sequence of actions', () => {
  it('leaves no illegal state, raises the revision by one or refuses, and rings at most once for it', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 30 }), fc.boolean(), (actions, silenced) => {
        let now = incident();
        for (const [at, one] of actions.entries()) {
          const before = now;
          const known = { now: START + at * HOUR, silenced, diagnosis: { id: 'd', status: 'ready' } };
          const decision = decideAction(before, one, facts(known));
          now = decision.incident;
          expect(now.revision - before.revision).toBe(decision.ok ? 1 : 0);
          expect(decision.ok || now === before).toBe(true);
          expect([0, 1]).toContain(now.ring - before.ring);
          expect(decision.ok ? decision.entries.length : 1).toBeGreaterThan(0);
          const reachable = [before.status, ...MOVES.map((move) => moved(before.status, move))];
          expect(reachable).toContain(now.status);
          expect(STATUSES).toContain(now.status);
          expect(now.resolvedAt !== undefined).toBe(now.status === 'resolved');
          expect(now.status === 'open' && now.acknowledgedAt !== undefined).toBe(false);
        }
      }),
      { numRuns: 300 },
    );
  });
});
