import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Engine, Handle, Write } from '../../../src/store/database.ts';
import { getDelivery, listDeliveries, retryDelivery } from '../../../src/store/delivery/deliveries.ts';
import { loadIncidentViews } from '../../../src/store/delivery/incident-view.ts';
import { whoToMention } from '../../../src/store/delivery/mentions.ts';
import { newPlacement } from '../../../src/store/delivery/first-cards.ts';
import { enqueueMessage } from '../../../src/store/delivery/outbox.ts';
import { incidentOf } from '../../../src/store/delivery/rows.ts';
import { repaint, showNow } from '../../../src/store/delivery/show-now.ts';
import type { Incident } from '../../../src/incident/incident.ts';
import { type Opened, describeEngines, openEngine } from '../../support/engines.ts';
import { alertRow, incidentRow, timelineRow } from '../rows.ts';
import { committerOn } from '../writing.ts';

const NOW = 1_800_000_000_000;
const text = { kind: 'message', content: { kind: 'text', text: [{ text: 'hi' }] } } as const;

describeEngines('deliveries', (engine: Engine) => {
  let opened: Opened;
  let write: Write;
  let handle: Handle;

  beforeEach(async () => {
    opened = await openEngine(engine);
    handle = { db: opened.database.reader, engine };
    ({ write } = committerOn(opened.database));
    const { db } = opened.database;
    await db
      .insertInto('incidents')
      .values([incidentRow('INC-1'), incidentRow('INC-2', { status: 'resolved', resolved_at: 1 })])
      .execute();
    await db
      .insertInto('placements')
      .values([
        newPlacement('INC-1', 'room', NOW - 3000),
        {
          ...newPlacement('INC-2', 'room', NOW - 2000),
          parked_reason: 'content_refused',
          last_error: 'content_refused: no',
        },
        { ...newPlacement('INC-1', 'hall', NOW - 1000), shown_revision: 1, ref: 'm1', shown_at: NOW },
      ])
      .execute();
  });
  afterEach(() => opened.close());

  const enqueue = (kind: 'answer' | 'report') =>
    write('delivery', (trx) => enqueueMessage(trx, { targetId: 'room', kind, payload: text }, NOW));

  it('list places and messages, latest first, page by page', async () => {
    const answer = await enqueue('answer');
    const first = await listDeliveries(handle, { limit: 2 }, NOW);
    expect(first.items.map(({ id, state }) => [id, state])).toEqual([
      [answer, 'due'],
      ['INC-1@hall', 'shown'],
    ]);
    expect(first.total).toBe(4);
    const second = await listDeliveries(handle, { limit: 2, cursor: first.next ?? '' }, NOW);
    expect(second.items.map(({ id, state }) => [id, state])).toEqual([
      ['INC-2@room', 'dead'],
      ['INC-1@room', 'due'],
    ]);
    expect(second.next).toBeNull();
  });

  it('are filtered by state, target and incident', async () => {
    await enqueue('answer');
    const ids = async (filter: object) =>
      (await listDeliveries(handle, { limit: 9, ...filter }, NOW)).items.map(({ id }) => id);
    expect(await ids({ state: ['dead'] })).toEqual(['INC-2@room']);
    expect(await ids({ targetId: 'hall' })).toEqual(['INC-1@hall']);
    expect(await ids({ incidentId: 'INC-1' })).toEqual(['INC-1@hall', 'INC-1@room']);
  });

  it('that are dead or parked can be retried', async () => {
    const id = (await enqueue('report')) ?? '';
    await opened.database.db.updateTable('outbox').set({ state: 'dead', last_error: 'content_refused' }).execute();
    expect((await getDelivery(handle, id, NOW))?.state).toBe('dead');
    for (const each of [id, 'INC-2@room']) {
      expect(await write('press', (trx) => retryDelivery(trx, each, NOW))).toBe(true);
      expect((await getDelivery(handle, each, NOW))?.state).toBe('due');
    }
    expect(await write('press', (trx) => retryDelivery(trx, 'nothing', NOW))).toBe(false);
    expect(await write('press', (trx) => retryDelivery(trx, 'nothing@room', NOW))).toBe(false);
  });

  it('show an incident where it was not, once', async () => {
    for (const _ of [1, 2]) await write('press', (trx) => showNow(trx, 'INC-1', 'attic', NOW));
    await write('press', (trx) => showNow(trx, 'INC-9', 'attic', NOW));
    const rows = await handle.db.selectFrom('placements').selectAll().where('target_id', '=', 'attic').execute();
    expect(
      rows.map(({ subject_id: id, shown_revision: shown, message_key: key }) => [id, shown, key !== null]),
    ).toEqual([['INC-1', 0, true]]);
  });

  it('paint anew what is shown of unresolved incidents', async () => {
    await write('press', (trx) => repaint(trx, 'hall'));
    expect((await getDelivery(handle, 'INC-1@hall', NOW))?.state).toBe('due');
  });

  it('are of views that know alerts firing first, the newest lines, and nothing of strangers', async () => {
    const { db } = opened.database;
    const alerts = Array.from({ length: 25 }, (_, at) =>
      alertRow(`a${at}`, { incident_id: 'INC-1', received_at: at, status: at < 3 ? 'firing' : 'resolved' }),
    );
    await db.insertInto('alerts').values(alerts).execute();
    await db
      .insertInto('timeline')
      .values(Array.from({ length: 12 }, (_, at) => ({ ...timelineRow(`t${at}`, 'INC-1'), at })))
      .execute();
    const views = await loadIncidentViews(handle, ['INC-1', 'INC-9']);
    expect([...views.keys()]).toEqual(['INC-1']);
    const view = views.get('INC-1');
    expect(view?.alerts.slice(0, 4).map(({ id }) => id)).toEqual(['a2', 'a1', 'a0', 'a24']);
    expect(view?.alerts).toHaveLength(20);
    expect(view?.timeline.map(({ at }) => at)).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3, 2]);
  });

  it('mention the assignee, else who is on duty on that channel', async () => {
    const { db } = opened.database;
    const operator = (id: string, role: string) => ({ id, name: id, role, locale: null, created_at: 0 });
    await db
      .insertInto('operators')
      .values([operator('ann', 'responder'), operator('bob', 'admin'), operator('eve', 'reader')])
      .execute();
    const linked = (channel: string, operatorId: string) => ({
      channel,
      external_id: `${channel}-${operatorId}`,
      operator_id: operatorId,
    });
    await db
      .insertInto('operator_ids')
      .values([linked('lark', 'ann'), linked('lark', 'bob'), linked('lark', 'eve'), linked('wecom', 'ann')])
      .execute();
    const incident: Incident = incidentOf(
      await db.selectFrom('incidents').selectAll().where('id', '=', 'INC-1').executeTakeFirstOrThrow(),
    );
    const ids = async (more: Partial<Incident>, channel = 'lark') =>
      (await whoToMention(handle, { ...incident, ...more }, channel)).map(({ id }) => id);
    expect(await ids({})).toEqual(['lark-ann', 'lark-bob']);
    expect(await ids({}, 'telegram')).toEqual([]);
    expect(await ids({ assigneeId: 'lark:u7', assignee: 'Zed' })).toEqual(['u7']);
    expect(await ids({ assigneeId: 'eve' })).toEqual(['lark-eve']);
    expect(await ids({ assigneeId: 'wecom:wecom-ann' })).toEqual(['lark-ann']);
  });
});
