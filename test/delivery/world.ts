import { setTimeout as sleep } from 'node:timers/promises';
import type { Channel } from '../../src/channels/channel.ts';
import { createDelivery } from '../../src/delivery/delivery.ts';
import type { Target } from '../../src/delivery/target-ports.ts';
import type { Alert, Severity } from '../../src/incident/alert.ts';
import { type IncidentId, SYSTEM } from '../../src/incident/incident.ts';
import type { IncidentAction, Policy, RespondContext } from '../../src/incident/ports.ts';
import { createAcceptBatch } from '../../src/store/accept.ts';
import { createCommitter } from '../../src/store/committer.ts';
import type { Engine } from '../../src/store/database.ts';
import { createDeliveryStore } from '../../src/store/delivery/store.ts';
import { createRespond, createRespondIn } from '../../src/store/respond.ts';
import { createRoutes } from '../../src/store/routes.ts';
import type { Log } from '../../src/telemetry/log.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { POLICY } from '../incident/world.ts';
import { type Opened, SILENT, openEngine } from '../support/engines.ts';
import { targetRow } from '../store/rows.ts';

const PERSON: RespondContext = { actor: { id: 'fake:ann', name: 'Ann', via: 'fake' }, traceId: 't' };

export interface WorldTime {
  ahead: number;
  /** It stands still here until this is taken away. */
  stands?: number | undefined;
}

export interface WorldOptions {
  readonly stormPerMinute?: number;
  readonly channels: readonly Channel[];
  readonly fallback?: string;
  readonly log?: Log;
  /** Shared by worlds that stand for replicas. */
  readonly time?: WorldTime;
}

/** Accepting, responding and delivering over one real database; the clock is the real one plus `time.ahead`. */
export async function openWorld(engine: Engine, options: WorldOptions) {
  const opened = await openEngine(engine);
  return worldOn(opened, options);
}

export function worldOn(
  opened: Opened,
  { stormPerMinute = 1000, channels, fallback = 'room-1', log = SILENT, time: given }: WorldOptions,
) {
  const { database } = opened;
  const time: WorldTime = given ?? { ahead: 0 };
  const clock = { now: (): number => time.stands ?? Date.now() + time.ahead };
  const policy: Policy = { ...POLICY, stormPerMinute };
  const routes = createRoutes({ fallbackTargets: () => [fallback] });
  const startedAt = clock.now();
  const acceptBatch = createAcceptBatch({ policy, clock, routes, acceptingSince: () => startedAt });
  const told: { readonly what: 'dead' | 'alive'; readonly target: string }[] = [];
  const workers: { readonly stop: () => Promise<void>; readonly delivery: ReturnType<typeof createDelivery> }[] = [];
  const committer = createCommitter({
    database,
    acceptBatch,
    onCommit: (hints) => {
      for (const hint of hints) if (hint.kind === 'target') for (const { delivery } of workers) delivery.wake(hint.id);
    },
    random: Math.random,
    log: SILENT,
  });
  const { write } = committer;
  const metrics = createMetrics();
  const store = createDeliveryStore(database);
  const respondIn = createRespondIn({ policy, clock, routes });

  /** One more process that delivers. */
  function start() {
    let killed = false;
    const delivery = createDelivery({
      // A killed process writes nothing more, and nobody hears from it.
      write: (priority, work) => (killed ? new Promise(() => undefined) : write(priority, work)),
      store,
      channels: new Map(channels.map((channel) => [channel.name, channel])),
      clock,
      random: Math.random,
      log,
      metrics,
      config: {
        stormPerMinute,
        publicUrl: 'http://localhost:8080',
        timezone: 'UTC',
        locale: 'en-US',
        defaultTargetId: fallback,
      },
      hintsOf: () => [],
      tellPaged: async (trx, incidentId, action) => {
        await respondIn(trx, incidentId as IncidentId, action, { actor: SYSTEM, traceId: '' });
      },
      onTargetDead: async (target: Target) => void told.push({ what: 'dead', target: target.id }),
      onTargetAlive: async (target: Target) => void told.push({ what: 'alive', target: target.id }),
    });
    const controller = new AbortController();
    const running = delivery.run(controller.signal);
    const worker = {
      delivery,
      stop: async () => {
        controller.abort();
        if (!killed) await running;
      },
      /** As kill -9: what it holds stays as it is in the database, until leases run out or are cleared at the next start. */
      kill: async () => {
        killed = true;
        controller.abort();
        await database.db.updateTable('targets').set({ lease_token: null, lease_until: 0 }).execute();
        await database.db.updateTable('placements').set({ lease_token: null, lease_until: 0 }).execute();
        await database.db.updateTable('outbox').set({ lease_token: null, lease_until: 0 }).execute();
      },
    };
    workers.push(worker);
    return worker;
  }

  let deliveries = 0;
  const respond = createRespond({ write, policy, clock, routes });
  return {
    database,
    time,
    clock,
    write,
    store,
    metrics,
    told,
    start,
    addTarget: (id: string, over: object = {}) =>
      database.db
        .insertInto('targets')
        .values(targetRow(id, { channel: 'fake', ...over }))
        .execute(),
    /** Fires (or resolves) alerts by name, in one delivery; resolves to their incidents' ids. */
    async alert(
      names: readonly string[],
      more: { severity?: Severity; status?: Alert['status']; targetId?: string } = {},
    ) {
      const { severity = 'warning', status = 'firing', targetId } = more;
      deliveries += 1;
      const accepted = await committer.accept({
        alerts: names.map((name) => anAlert(name, severity, status)),
        receivedAt: clock.now(),
        digest: `d${deliveries}`,
        traceId: 't',
        ...(targetId === undefined ? {} : { targetId }),
      });
      return accepted.incidents.map(({ id }) => id);
    },
    act: (id: IncidentId | string, action: IncidentAction, context: Partial<RespondContext> = {}) =>
      respond(id as IncidentId, action, { ...PERSON, ...context }),
    placement: (subject: string, target = 'room-1') =>
      database.db
        .selectFrom('placements')
        .selectAll()
        .where('subject_id', '=', subject)
        .where('target_id', '=', target)
        .executeTakeFirst(),
    placements: () => database.db.selectFrom('placements').selectAll().execute(),
    /** Every placement shows what it wants, and no message waits. */
    async settled(timeoutMs = 20_000) {
      await until(async () => {
        const due = await database.db
          .selectFrom('placements')
          .select('subject_id')
          .where('parked_reason', 'is', null)
          .whereRef('shown_revision', '<', 'wanted_revision')
          .execute();
        const messages = await database.db.selectFrom('outbox').select('id').where('state', '=', 'due').execute();
        return due.length + messages.length === 0;
      }, timeoutMs);
    },
    close: async () => {
      await Promise.all(workers.map(({ stop }) => stop()));
      await committer.drain();
      await opened.close();
    },
  };
}

export type World = Awaited<ReturnType<typeof openWorld>>;

const anAlert = (name: string, severity: Severity, status: Alert['status']): Alert => ({
  integration: 'default',
  source: 'custom',
  status,
  fingerprint: name,
  title: name,
  summary: `${name} happened`,
  severity,
  labels: { alertname: name },
  annotations: {},
  links: [],
});

/** Waits until `done` holds, looking every 10 ms. */
export async function until(done: () => Promise<boolean> | boolean, timeoutMs = 20_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await done())) {
    if (Date.now() > deadline) throw new Error(`did not happen within ${timeoutMs} ms: ${done.toString()}`);
    await sleep(10);
  }
}
