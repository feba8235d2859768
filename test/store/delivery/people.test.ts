import { afterEach, beforeEach, expect, it } from 'vitest';
import type { IncidentId } from '../../../src/incident/incident.ts';
import type { Engine, Handle } from '../../../src/store/database.ts';
import { peopleOn } from '../../../src/store/delivery/people.ts';
import { createIncidents } from '../../../src/store/incidents.ts';
import { type Opened, describeEngines, openEngine } from '../../support/engines.ts';
import { incidentRow } from '../rows.ts';

describeEngines('whom an incident can be given to', (engine: Engine) => {
  let opened: Opened;
  let handle: Handle;

  beforeEach(async () => {
    opened = await openEngine(engine);
    handle = { db: opened.database.reader, engine };
  });
  afterEach(() => opened.close());

  async function person(name: string, role: string, ...ids: readonly string[]) {
    const { db } = opened.database;
    await db
      .insertInto('operators')
      .values({ id: `o-${name}`, name, role, locale: null, created_at: 0 })
      .execute();
    for (const id of ids) {
      const [channel = '', external = ''] = id.split(':');
      await db
        .insertInto('operator_ids')
        .values({ channel, external_id: external, operator_id: `o-${name}` })
        .execute();
    }
  }

  it('is nobody where nobody is linked, or nothing was asked', async () => {
    await person('ann', 'admin', 'lark:ou_a');
    expect(await peopleOn(handle, ['telegram'])).toEqual(new Map());
    expect(await peopleOn(handle, [])).toEqual(new Map());
  });

  it('is everybody linked there, once each, readers last', async () => {
    await person('amy', 'reader', 'lark:ou_amy');
    await person('bob', 'responder', 'lark:ou_b2', 'lark:ou_b1', 'wecom-app:bob');
    await person('cid', 'admin', 'lark:ou_c');
    await person('dan', 'admin', 'telegram:7');
    expect(await peopleOn(handle, ['lark', 'wecom-app'])).toEqual(
      new Map([
        [
          'lark',
          [
            { id: 'lark:ou_b1', name: 'bob' },
            { id: 'lark:ou_c', name: 'cid' },
            { id: 'lark:ou_amy', name: 'amy' },
          ],
        ],
        ['wecom-app', [{ id: 'wecom-app:bob', name: 'bob' }]],
      ]),
    );
  });

  it('is at most twenty on each channel, whoever may act before whoever reads', async () => {
    for (let n = 10; n < 40; n += 1) await person(`a${n}`, 'reader', `lark:ou_${n}`, `telegram:${n}`);
    await person('zed', 'responder', 'lark:ou_z');
    const people = await peopleOn(handle, ['lark', 'telegram']);
    expect([...people.values()].map((each) => each.length)).toEqual([20, 20]);
    expect(people.get('lark')?.[0]?.name).toBe('zed');
  });

  it('is part of the view for whoever reads it on a channel', async () => {
    await person('ann', 'admin', 'lark:ou_a');
    await opened.database.db.insertInto('incidents').values(incidentRow('INC-20261122-001')).execute();
    const incidents = createIncidents({ database: opened.database });
    const id = 'INC-20261122-001' as IncidentId;
    expect((await incidents.view(id, 'lark'))?.people).toEqual([{ id: 'lark:ou_a', name: 'ann' }]);
    expect((await incidents.view(id, 'api'))?.people).toEqual([]);
    expect((await incidents.view(id))?.people).toBeUndefined();
  });
});
