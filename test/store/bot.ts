import { type Actor, type Incident, type IncidentId, SYSTEM } from '../../src/incident/incident.ts';
import type { Policy, RespondContext } from '../../src/incident/ports.ts';
import type { EpochMs } from '../../src/types.ts';
import { createAcceptBatch } from '../../src/store/accept.ts';
import { createCommitter } from '../../src/store/committer.ts';
import type { Database, Hint } from '../../src/store/database.ts';
import { incidentOf } from '../../src/store/delivery/rows.ts';
import { rowId } from '../../src/store/ids.ts';
import { createRespond, createRespondIn } from '../../src/store/respond.ts';
import { createRoutes } from '../../src/store/routes.ts';
import { createSilences } from '../../src/store/silences.ts';
import { SILENT } from '../support/engines.ts';
import { POLICY, START } from '../incident/world.ts';
import { targetRow } from './rows.ts';

export const ALICE: Actor = { id: 'playground:alice', name: 'Alice', via: 'playground' };
export const CONTEXT: RespondContext = { actor: ALICE, traceId: 't' };
export const BY_TIME: RespondContext = { actor: SYSTEM, traceId: '' };

/** The writing half of the bot over one database, with a clock that stands still until it is moved. */
export function createBot(database: Database, policy: Policy = POLICY) {
  const time = { now: START };
  const clock = { now: (): EpochMs => time.now };
  const hints: Hint[] = [];
  const routes = createRoutes({ fallbackTargets: () => ['fallback'] });
  const acceptingSince = START - 1000;
  // As the program does: on SQLite in the database's own thread.
  const accepting = database.acceptNear?.(() => ({ policy, fallbackTargets: ['fallback'], acceptingSince }), clock) ?? {
    acceptBatch: createAcceptBatch({ policy, clock, routes, acceptingSince: () => acceptingSince }),
  };
  const committer = createCommitter({
    database,
    ...accepting,
    onCommit: (list) => hints.push(...list),
    random: Math.random,
    log: SILENT,
  });
  const { write, accept } = committer;
  const respondIn = createRespondIn({ policy, clock, routes });
  return {
    time,
    clock,
    hints,
    routes,
    policy,
    accept,
    ...accepting,
    write,
    respondIn,
    respond: createRespond({ write, policy, clock, routes }),
    silences: createSilences({ database, write, clock }),
    incidents: async (): Promise<readonly Incident[]> => {
      const rows = await database.db.selectFrom('incidents').selectAll().orderBy('seq').execute();
      return rows.map(incidentOf);
    },
    incident: async (id: IncidentId): Promise<Incident> =>
      incidentOf(await database.db.selectFrom('incidents').selectAll().where('id', '=', id).executeTakeFirstOrThrow()),
    placements: () => database.db.selectFrom('placements').selectAll().orderBy('target_id').execute(),
    due: async () => {
      const rows = await database.db.selectFrom('due').selectAll().orderBy('kind').execute();
      return rows.map(({ kind, subject_id, due_at }) => ({ kind, subject: subject_id, inMs: due_at - time.now }));
    },
    timeline: () => database.db.selectFrom('timeline').selectAll().orderBy('id').execute(),
    alerts: () => database.db.selectFrom('alerts').selectAll().orderBy('id').execute(),
    addTarget: (id: string, over: { enabled?: number; pending?: number } = {}) =>
      database.db.insertInto('targets').values(targetRow(id, over)).execute(),
    bind: (targetId: string, matchers: readonly object[] = []) =>
      database.db
        .insertInto('bindings')
        .values({
          id: rowId(1),
          event: 'incident',
          matchers: JSON.stringify(matchers),
          target_id: targetId,
          enabled: 1,
          cron: null,
          timezone: null,
          template: null,
          quiet_hours: null,
          dedupe_window: null,
          created_at: 0,
          created_by: 'test',
        })
        .execute(),
    diagnose: (id: IncidentId, diagnosis: string, status = 'ready') =>
      database.db
        .insertInto('diagnoses')
        .values({
          id: diagnosis,
          incident_id: id,
          status,
          provider: 'rules',
          prompt_version: '1',
          family: 'latency',
          summary: 's',
          causes: JSON.stringify([{ statement: 'slow disk', confidence: 0.8, evidenceIds: [], key: 'latency/disk' }]),
          steps: '[]',
          evidence: '[]',
          confidence: 0.8,
          created_at: time.now,
          decided_at: null,
          decided_by: null,
          reject_reason: null,
        })
        .execute(),
  };
}

export type Bot = ReturnType<typeof createBot>;
