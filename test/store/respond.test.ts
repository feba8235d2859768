import { afterEach, beforeEach, expect, it } from 'vitest';
import { type IncidentId, SYSTEM } from '../../src/incident/incident.ts';
import type { Engine } from '../../src/store/database.ts';
import { HOUR, MINUTE, START, alert, arrival, resolved } from '../incident/world.ts';
import { type Opened, describeEngines, openEngine } from '../support/engines.ts';
import { ALICE, BY_TIME, type Bot, CONTEXT, createBot } from './bot.ts';

describeEngines('acting on an incident', (engine: Engine) => {
  let opened: Opened;
  let bot: Bot;
  let id: IncidentId;
  beforeEach(async () => {
    opened = await openEngine(engine);
    bot = createBot(opened.database);
    await bot.addTarget('fallback');
    id = await deliver([alert('a')]);
  });
  afterEach(() => opened.close());

  async function deliver(list: Parameters<typeof arrival>[0], at = START): Promise<IncidentId> {
    bot.time.now = at;
    const { incidents } = await bot.accept(arrival(list, at));
    const [first] = incidents;
    if (first === undefined) throw new Error('no incident');
    return first.id;
  }
  const audits = () => opened.database.db.selectFrom('audit').selectAll().orderBy('id').execute();

  it('stores the change, the line, the audit and what is to be shown at once', async () => {
    bot.time.now = START + MINUTE;
    const response = await bot.respond(id, { kind: 'acknowledge' }, CONTEXT);
    expect(response).toMatchObject({ ok: true, incident: { status: 'acknowledged', revision: 2, assignee: 'Alice' } });
    expect(await bot.incident(id)).toMatchObject({
      acknowledgedBy: 'Alice',
      acknowledgedAt: START + MINUTE,
      firingCount: 1,
    });
    expect((await bot.timeline()).at(-1)).toMatchObject({
      kind: 'acknowledged',
      actor_name: 'Alice',
      via: 'playground',
    });
    expect(await audits()).toMatchObject([
      { operation: 'acknowledge', outcome: 'ok', subject: id, actor_id: ALICE.id },
    ]);
    expect(await bot.placements()).toMatchObject([{ wanted_revision: 2, urgent_revision: 2 }]);
    expect(bot.hints).toContainEqual({ kind: 'incident', id, revision: 2 });
  });

  it('refuses with today’s state, changes nothing and writes the refusal down', async () => {
    await bot.respond(id, { kind: 'acknowledge' }, CONTEXT);
    const again = await bot.respond(id, { kind: 'acknowledge' }, CONTEXT);
    expect(again).toMatchObject({ ok: false, reason: 'already', incident: { revision: 2 } });
    expect(await bot.incident(id)).toMatchObject({ revision: 2 });
    expect((await audits()).map(({ outcome }) => outcome)).toEqual(['ok', 'already']);
    expect(await bot.respond('INC-20261122-999' as IncidentId, { kind: 'note', text: 'x' }, CONTEXT)).toEqual({
      ok: false,
      reason: 'not_found',
    });
  });

  it('answers a second press of one key like the first, with the incident as it is now', async () => {
    const press = { ...CONTEXT, inboundKey: 'p1' };
    await bot.respond(id, { kind: 'note', text: 'hello' }, press);
    await bot.respond(id, { kind: 'acknowledge' }, CONTEXT);
    const again = await bot.respond(id, { kind: 'note', text: 'hello' }, press);
    expect(again).toMatchObject({ ok: true, incident: { revision: 3, status: 'acknowledged' } });
    expect((await bot.timeline()).filter(({ kind }) => kind === 'noted')).toHaveLength(1);
    const refused = { ...CONTEXT, inboundKey: 'p2' };
    await bot.respond(id, { kind: 'acknowledge' }, refused);
    await bot.respond(id, { kind: 'resolve' }, CONTEXT);
    expect(await bot.respond(id, { kind: 'acknowledge' }, refused)).toMatchObject({
      ok: false,
      reason: 'already',
      incident: { status: 'resolved' },
    });
  });

  it('counts a key of one channel only there', async () => {
    await bot.respond(id, { kind: 'note', text: 'one' }, { ...CONTEXT, inboundKey: 'k' });
    const other = { actor: { ...ALICE, via: 'lark' }, traceId: '', inboundKey: 'k' };
    await bot.respond(id, { kind: 'note', text: 'two' }, other);
    expect((await bot.timeline()).filter(({ kind }) => kind === 'noted')).toHaveLength(2);
  });

  it('lets one of many presses at once win', async () => {
    const press = { ...CONTEXT, inboundKey: 'double' };
    const answers = await Promise.all(Array.from({ length: 5 }, () => bot.respond(id, { kind: 'acknowledge' }, press)));
    expect(answers.every(({ ok }) => ok)).toBe(true);
    expect(await bot.incident(id)).toMatchObject({ revision: 2 });
  });

  it('holds the pressed card for three seconds, unless a call is already in flight', async () => {
    await bot.respond(id, { kind: 'note', text: 'x' }, { ...CONTEXT, pressedTargetId: 'fallback' });
    expect(await bot.placements()).toMatchObject([
      { lease_until: START + 3000, lease_token: expect.stringMatching(/^press:/) },
    ]);
    await opened.database.db
      .updateTable('placements')
      .set({ lease_token: 'call', lease_until: START + HOUR })
      .execute();
    await bot.respond(id, { kind: 'note', text: 'y' }, { ...CONTEXT, pressedTargetId: 'fallback' });
    expect(await bot.placements()).toMatchObject([{ lease_token: 'call', lease_until: START + HOUR }]);
  });

  it('asks again before resolving what alerts have joined since', async () => {
    await deliver([alert('b'), alert('c')], START + MINUTE);
    await bot.respond(id, { kind: 'note', text: 'x' }, CONTEXT);
    expect(await bot.respond(id, { kind: 'resolve', rev: 1 }, CONTEXT)).toMatchObject({ reason: 'changed', joined: 2 });
    expect(await bot.respond(id, { kind: 'resolve', rev: 2, cause: 'disk' }, CONTEXT)).toMatchObject({
      ok: true,
      incident: { status: 'resolved', cause: 'disk', resolvedBy: 'Alice', resolvedReason: 'manual', ring: 2 },
    });
  });

  it('reopens, unless another incident of the key is open', async () => {
    await deliver([resolved('a')], START + MINUTE);
    const later = await deliver([alert('a')], START + 2 * HOUR);
    expect(later).not.toBe(id);
    expect(await bot.respond(id, { kind: 'reopen' }, CONTEXT)).toMatchObject({ reason: 'superseded', by: later });
    await bot.respond(later, { kind: 'resolve' }, CONTEXT);
    expect(await bot.respond(id, { kind: 'reopen' }, CONTEXT)).toMatchObject({
      ok: true,
      incident: { status: 'open' },
    });
  });

  it('confirms a diagnosis: verdict remembered, incident acknowledged', async () => {
    bot.time.now = START + 1;
    await bot.diagnose(id, 'd1');
    const response = await bot.respond(id, { kind: 'confirm', diagnosisId: 'd1' }, CONTEXT);
    expect(response).toMatchObject({
      ok: true,
      incident: { status: 'acknowledged', acknowledgedBy: 'Alice', revision: 2 },
    });
    const db = opened.database.db;
    expect(await db.selectFrom('diagnoses').selectAll().execute()).toMatchObject([
      { status: 'confirmed', decided_by: 'Alice', decided_at: START + 1 },
    ]);
    expect(await db.selectFrom('verdicts').selectAll().execute()).toMatchObject([
      { verdict: 'confirmed', cause_key: 'latency/disk', family: 'latency', diagnosis_id: 'd1', actor_id: ALICE.id },
    ]);
    expect((await bot.timeline()).map(({ kind }) => kind)).toEqual(['opened', 'confirmed', 'acknowledged']);
  });

  it('rejects with a reason, and never by a verdict about an older diagnosis', async () => {
    await bot.diagnose(id, 'd1');
    bot.time.now += 1;
    await bot.diagnose(id, 'd2');
    expect(await bot.respond(id, { kind: 'reject', diagnosisId: 'd1' }, CONTEXT)).toMatchObject({
      reason: 'other_diagnosis',
      diagnosisId: 'd2',
    });
    await bot.respond(id, { kind: 'reject', reason: 'disk is fine' }, CONTEXT);
    const rows = await opened.database.db.selectFrom('diagnoses').selectAll().orderBy('id').execute();
    expect(rows).toMatchObject([{ status: 'ready' }, { status: 'rejected', reject_reason: 'disk is fine' }]);
  });

  it('silences with a due end, lists it, and takes it back', async () => {
    await bot.respond(id, { kind: 'silence', until: START + HOUR, reason: 'deploy' }, CONTEXT);
    expect(await bot.due()).toContainEqual({ kind: 'silence_end', subject: id, inMs: HOUR });
    expect(await bot.silences.active()).toMatchObject([{ incidentId: id, reason: 'deploy', endsAt: START + HOUR }]);
    await bot.respond(id, { kind: 'unsilence' }, CONTEXT);
    expect(await bot.silences.active()).toEqual([]);
    expect((await bot.incident(id)).silencedUntil).toBeUndefined();
  });

  it('places a silenced incident where it was never shown once the silence is over', async () => {
    await opened.database.db.deleteFrom('placements').execute();
    await bot.respond(id, { kind: 'silence', until: START + HOUR }, CONTEXT);
    expect(await bot.placements()).toEqual([]);
    bot.time.now = START + HOUR;
    expect(await bot.respond(id, { kind: 'silence_ended' }, BY_TIME)).toMatchObject({ ok: true });
    expect(await bot.placements()).toMatchObject([{ target_id: 'fallback', wanted_revision: 3 }]);
  });

  it('expires together with the alerts that nobody heard of any more', async () => {
    await bot.respond(id, { kind: 'expire' }, BY_TIME);
    expect(await bot.incident(id)).toMatchObject({ status: 'resolved', resolvedReason: 'expired', firingCount: 0 });
    expect(await bot.alerts()).toMatchObject([{ status: 'resolved', resolved_at: START, current: 1 }]);
    expect(await deliver([alert('a')], START + MINUTE)).toBe(id);
    expect(await bot.incident(id)).toMatchObject({ status: 'open', firingCount: 1 });
  });

  it('raises the revision for a diagnosis inside the transaction that stores it', async () => {
    await bot.write('job', async (trx) => {
      await bot.respondIn(
        trx,
        id,
        { kind: 'diagnosed', provider: 'rules', status: 'ready' },
        { actor: SYSTEM, traceId: '' },
      );
    });
    expect(await bot.placements()).toMatchObject([{ wanted_revision: 2, urgent_revision: 1 }]);
    expect((await bot.timeline()).at(-1)).toMatchObject({ kind: 'diagnosis', via: 'system' });
  });
});
