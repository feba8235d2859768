import type { Channel } from '../channels/channel.ts';
import type { Delivery } from '../delivery/delivery.ts';
import { watchClock } from '../jobs/clock-watch.ts';
import { type DueLoop, type DueLoopDeps, createDueLoop } from '../jobs/due-loop.ts';
import { EVERYTHING, repeating, runBeat } from '../jobs/periodic.ts';
import { createPageJob } from '../jobs/page-job.ts';
import { createPolicyJobs } from '../jobs/policy-jobs.ts';
import type { DueWork } from '../jobs/ports.ts';
import { createDue } from '../store/due.ts';
import { createPageRows } from '../store/paging.ts';
import { prune } from '../store/retention.ts';
import { moveTimes } from '../store/set-back.ts';
import { BEAT_MS, createUptime, latestBeat } from '../store/uptime.ts';
import { createWatch } from '../store/watch.ts';
import type { EpochMs } from '../types.ts';
import type { Accounting } from './accounting.ts';
import type { createDiagnosis } from './diagnosis.ts';
import type { Ground } from './ground.ts';

export interface JobsDeps extends Omit<Ground, 'metrics'> {
  readonly channels: ReadonlyMap<string, Channel>;
  readonly accounting: Pick<Accounting, 'leaderboard' | 'nextLeaderboard'>;
  readonly diagnosis: Omit<Awaited<ReturnType<typeof createDiagnosis>>, 'examine' | 'chain' | 'providers'>;
  readonly delivery: Pick<Delivery, 'setBack'>;
  /** Writes answers to questions. */
  readonly answer: Kind;
}

interface Kind {
  readonly slots: DueLoopDeps['slots'];
  readonly leaseMs: DueLoopDeps['leaseMs'];
  readonly work: (work: DueWork, signal: AbortSignal) => Promise<void>;
}

const MINUTE_MS = 60_000;
const RETENTION_EVERY_MS = 6 * 60 * MINUTE_MS;

/** Every kind of due-row with a loop and slots of its own. */
export function createJobs(deps: JobsDeps) {
  const { edges, log, storage } = deps;
  const due = createDue(storage.committer.write, storage.database.reader);
  const loops: readonly DueLoop[] = Object.entries(kindsOf(deps)).map(([kind, { slots, leaseMs, work }]) =>
    createDueLoop({ kind, slots, leaseMs, due, work, clock: edges.clock, random: edges.random, log }),
  );
  const byKind = new Map(loops.map((loop) => [loop.kind, loop]));
  const uptime = createUptime(storage.committer.write, storage.acceptingSince);
  return {
    wake: (kind: string, at: EpochMs) => byKind.get(kind)?.wake(at),
    run: async (signal: AbortSignal): Promise<void> => {
      await scheduleRepeating(deps);
      const beat = runBeat({ beat: uptime.beat, everyMs: BEAT_MS, clock: edges.clock, log }, signal);
      const clock = watchClock({ clock: edges.clock, log, ...clockOf(deps) }, signal);
      const health = storage.health.run(storage.committer.write, signal);
      await Promise.all([beat, clock, health, ...loops.map((loop) => loop.run(signal))]);
    },
  };
}

const clockOf = ({ storage: { database, committer }, delivery }: JobsDeps) => ({
  latest: () => latestBeat({ db: database.reader, engine: database.engine }),
  setBack: async (now: EpochMs, byMs: number) => {
    await committer.write('job', (trx) => moveTimes(trx, now, byMs));
    delivery.setBack(now, byMs);
  },
});

function kindsOf({
  config,
  edges,
  storage,
  channels,
  accounting,
  diagnosis,
  answer,
}: JobsDeps): Readonly<Record<string, Kind>> {
  const { database, committer, respond, policy } = storage;
  const { write, accept } = committer;
  const { clock } = edges;
  const watch = createWatch({ database, write, acceptingSince: storage.acceptingSince });
  const policyJobs = createPolicyJobs({ respond, accept, watch, policy, clock });
  const pagers = [...channels.values()].filter(({ page }) => page !== undefined).map(({ name }) => name);
  const page = createPageJob({ write, rows: createPageRows(pagers), policy, clock });
  const tidy = repeating({ watch, clock }, RETENTION_EVERY_MS, async () => {
    await prune({ write, database }, clock.now(), config.RETENTION);
  });
  const quick = (work: Kind['work'], slots = 1): Kind => ({ slots, leaseMs: MINUTE_MS, work });
  return {
    remind: quick(policyJobs.remind),
    ...(policy.paging !== undefined && { page: quick(page) }),
    stale: quick(policyJobs.stale),
    silence_end: quick(policyJobs.silence_end),
    heartbeat: quick(policyJobs.heartbeat),
    diagnose: quick(({ subject }, signal) => diagnosis.diagnose(subject, signal), 4),
    model: {
      slots: diagnosis.slots,
      leaseMs: diagnosis.longestMs,
      work: ({ subject, attempts }, signal) => diagnosis.askModels(subject, signal, attempts),
    },
    answer,
    storm_model: {
      slots: 1,
      leaseMs: diagnosis.longestMs,
      work: ({ subject, attempts }, signal) => diagnosis.diagnoseStorm(subject, signal, attempts),
    },
    feedback: quick(({ payload, attempts }, signal) => diagnosis.feedback(payload, attempts, signal)),
    index: quick(({ subject }, signal) => diagnosis.index(subject, signal), 2),
    usage_leaderboard: quick(async ({ kind, subject }) => {
      await accounting.leaderboard();
      await watch.schedule(kind, subject, accounting.nextLeaderboard());
    }),
    retention: { slots: 1, leaseMs: 30 * MINUTE_MS, work: tidy },
  };
}

/** Rows that are about no single thing are there from the first start on; a row that is there keeps its time. */
async function scheduleRepeating({ storage, edges, accounting }: JobsDeps): Promise<void> {
  const { committer, database } = storage;
  const now = edges.clock.now();
  const due = createDue(committer.write, database.reader);
  await committer.write('job', async (trx) => {
    await due.schedule(trx, { kind: 'heartbeat', subject: EVERYTHING, dueAt: now });
    await due.schedule(trx, { kind: 'retention', subject: EVERYTHING, dueAt: now + MINUTE_MS });
    await due.schedule(trx, { kind: 'usage_leaderboard', subject: EVERYTHING, dueAt: accounting.nextLeaderboard() });
  });
}
