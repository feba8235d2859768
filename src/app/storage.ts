import type { Config } from '../config.ts';
import { createAcceptBatch } from '../store/accept.ts';
import { type Committer, createCommitter } from '../store/committer.ts';
import type { Database, Hint } from '../store/database.ts';
import { type StorageHealth, createStorageHealth } from '../store/health.ts';
import { migrate } from '../store/migrate.ts';
import { openDatabase } from '../store/open.ts';
import { type RespondIn, createRespond, createRespondIn } from '../store/respond.ts';
import type { SharedClock } from '../store/postgres/shared-clock.ts';
import { createRoutes } from '../store/routes.ts';
import { type Sealer, createSealer, readOrMakeSecretKey } from '../store/secrets.ts';
import { createIntegrations } from '../store/integrations.ts';
import { readRowSecrets } from '../store/row-secrets.ts';
import { createTargets } from '../store/targets.ts';
import { createPresence } from '../store/uptime.ts';
import type { Policy, Respond } from '../incident/ports.ts';
import type { Integrations } from '../operations/integrations-port.ts';
import type { Targets } from '../operations/targets-port.ts';
import type { Log } from '../telemetry/log.ts';
import type { Clock, Edges, EpochMs } from '../types.ts';
import { createRowSecrets } from './row-secrets.ts';
import { type Secrets, createSecrets } from './secrets.ts';

/** The database with everything that writes to it. */
export interface Storage {
  readonly database: Database;
  readonly committer: Committer;
  readonly health: StorageHealth;
  readonly sealer: Sealer;
  readonly targets: Targets;
  readonly integrations: Integrations;
  readonly respond: Respond;
  readonly respondIn: RespondIn;
  readonly policy: Policy;
  /** Since when this process accepts alerts without a break. */
  readonly acceptingSince: () => EpochMs;
  /** The time that everything stored is told by: of several replicas, the database's. */
  readonly clock: Clock;
  /** Keeps that time right; absent where it is this process's own. */
  readonly keepTime?: (signal: AbortSignal) => Promise<void>;
  /** Keeps known which secrets rows hold. */
  readonly keepSecrets: (signal: AbortSignal) => Promise<void>;
  /** Id of the target that stands for `DEFAULT_TARGET`. */
  readonly defaultTargetId: string;
}

export interface StorageDeps {
  readonly config: Config;
  readonly edges: Edges;
  readonly log: Log;
  /** Told what rows hold; absent where nothing is shown. */
  readonly secrets?: Secrets;
  /** Told after each commit what its transaction hinted. */
  readonly announce: (hints: readonly Hint[]) => void;
  /** Told once when this process will never write again. */
  readonly onLost: () => void;
}

/** Opens, migrates, and makes sure of the default target. Throws what `openDatabase` and `migrate` throw. */
export async function openStorage({
  config,
  edges,
  log,
  secrets = createSecrets([]),
  announce,
  onLost,
}: StorageDeps): Promise<Storage> {
  const { random } = edges;
  const database = await openDatabase({ url: config.DATABASE_URL, dataDir: config.DATA_DIR, log });
  try {
    await migrate(database);
    const shared = await sharedClock(database, edges, log);
    const clock: Clock = shared ?? edges.clock;
    const health = createStorageHealth({ clock, log, onLost });
    const policy = policyOf(config);
    const acceptingSince = createPresence(clock);
    let defaultTargetId = '';
    const routes = createRoutes({ fallbackTargets: () => [defaultTargetId] });
    const setup = () => ({ policy, fallbackTargets: [defaultTargetId], acceptingSince: acceptingSince() });
    const accepting = database.acceptNear?.(setup, clock) ?? {
      acceptBatch: createAcceptBatch({ policy, clock, routes, acceptingSince }),
    };
    const committer = createCommitter({ database, ...accepting, random, onCommit: announce, health, log });
    const { write } = committer;
    const sealer = createSealer(config.SECRET_KEY ?? readOrMakeSecretKey(config.DATA_DIR));
    const rowSecrets = createRowSecrets({ read: () => readRowSecrets(database, sealer), secrets, log });
    await rowSecrets.refresh();
    const places = createTargets({ database, write, clock, sealer, fallbackTargetId: () => defaultTargetId });
    const targets = rowSecrets.targets(places);
    const integrations = rowSecrets.integrations(createIntegrations({ database, write, clock, sealer }));
    defaultTargetId = await openDefaultTarget(targets, config.DEFAULT_TARGET);
    const respond = createRespond({ write, policy, clock, routes });
    const respondIn = createRespondIn({ policy, clock, routes });
    const made = {
      database,
      committer,
      health,
      sealer,
      targets,
      integrations,
      keepSecrets: (signal: AbortSignal) => rowSecrets.run(signal),
      respond,
      respondIn,
      policy,
      acceptingSince,
      defaultTargetId,
    };
    return { ...made, clock, ...(shared === undefined ? {} : { keepTime: shared.run }) };
  } catch (err) {
    await database.close();
    throw err;
  }
}

/** SQLite serves one process, whose clock is the only one. */
async function sharedClock(database: Database, { clock }: Edges, log: Log): Promise<SharedClock | undefined> {
  if (database.engine === 'sqlite') return undefined;
  const { openSharedClock } = await import('../store/postgres/shared-clock.ts');
  return openSharedClock({ database, clock, log });
}

const policyOf = (config: Config): Policy => ({
  timezone: config.TIMEZONE,
  locale: config.LOCALE,
  reopenWindowMs: config.REOPEN_WINDOW,
  staleAfterMs: config.STALE_AFTER,
  resolveHoldMs: config.RESOLVE_HOLD,
  remindAfterMs: config.REMIND_AFTER,
  stormPerMinute: config.STORM_PER_MINUTE,
  heartbeatNames: config.HEARTBEAT_ALERTS,
  ...(config.LARK_URGENT_AFTER !== undefined && {
    paging: { afterMs: config.LARK_URGENT_AFTER, steps: config.LARK_URGENT_STEPS },
  }),
});

/** Whoever names a chat in the configuration allows it, also one that was known before and waited for approval. */
async function openDefaultTarget(targets: Targets, target: string): Promise<string> {
  const [channel, address] = splitTarget(target);
  const { id, enabled, pending } = await targets.ensure(channel, address, { pending: false });
  if (pending || !enabled) await targets.update(id, { pending: false, enabled: true });
  return id;
}

/** `lark:oc_…` → its two halves; the address may hold colons. */
function splitTarget(target: string): readonly [string, string] {
  const colon = target.indexOf(':');
  return [target.slice(0, colon), target.slice(colon + 1)];
}
