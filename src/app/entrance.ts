import { isHookUrl } from '../channels/lark/hook.ts';
import { createApi } from '../console/api/api.ts';
import { createRecordChange } from '../console/api/changes.ts';
import { SOURCES } from '../ingest/detect.ts';
import type { Providers } from '../operations/provider.ts';
import type { Integrations } from '../operations/integrations-port.ts';
import type { Targets } from '../operations/targets-port.ts';
import { createAttempts } from '../http/attempts.ts';
import { type Http, createHttp } from '../http/http.ts';
import { createPeers } from '../http/peer.ts';
import { createAlerts } from '../store/alerts.ts';
import { createChanges } from '../store/changes.ts';
import { readOrMakeSecretKey } from '../store/secrets.ts';
import { createStory } from '../store/story.ts';
import type { Log } from '../telemetry/log.ts';
import type { Accounting } from './accounting.ts';
import { createAnnouncing } from './announcing.ts';
import type { Channels } from './channels.ts';
import type { Ground } from './ground.ts';
import type { LarkEars } from './lark-ears.ts';
import type { Operations } from './operations.ts';
import { createPages } from './pages.ts';
import { type Readiness, createReadiness } from './readiness.ts';

export interface EntranceDeps extends Ground {
  readonly channels: Channels;
  readonly operations: Operations;
  readonly accounting: Pick<Accounting, 'rows'>;
  readonly providers: Providers;
  readonly lark: LarkEars | undefined;
}

export interface Entrance extends Pick<Http, 'listen' | 'close'> {
  readonly readiness: Readiness;
}

/** Everything that is served over HTTP: alerts, REST, pages, health. Closing ends the event streams first. */
export function createEntrance(deps: EntranceDeps): Entrance {
  const { config, edges, log, metrics, storage, channels, operations, providers, lark } = deps;
  const readiness = createReadiness({
    storage,
    ports: operations.ports,
    channels: [...channels.byName.keys()],
    configured: channels.configured,
    ...(lark !== undefined && { lark: lark.health }),
  });
  const secretKey = config.SECRET_KEY ?? readOrMakeSecretKey(config.DATA_DIR);
  const attempts = createAttempts(edges.clock, createPeers(config.TRUST_PROXY, config.ALLOWED_IPS));
  const pages = createPages({ config, edges, channels, operations, readiness, providers, attempts, secretKey });
  const http = createHttp({
    attempts,
    config,
    clock: edges.clock,
    log,
    metrics,
    accept: storage.committer.accept,
    findTarget: (chatId) => openTarget(chatId, storage.targets),
    findIntegration: (name) => operations.integrations.credentials(name),
    integrationUsed: (name) => void noteUse(operations.integrations, name, log),
    hasSession: (request) => pages.sessions?.isOpen(request) ?? false,
    readiness: () => readiness('en-US'),
    recordChange: createRecordChange({ changes: changesOf(deps), clock: edges.clock }),
    mounts: [{ path: '/api/v1', guard: 'admin', handler: apiOf(deps) }, ...(lark?.mounts ?? []), ...pages.mounts],
    ...(pages.sessions === undefined ? { refusalPage: pages.refusal } : { loginPath: '/login' }),
  });
  return {
    readiness,
    listen: http.listen,
    close: (signal) => {
      pages.close();
      return http.close(signal);
    },
  };
}

/** What cannot be stored now is noted with a later request. */
const noteUse = ({ used }: Pick<Integrations, 'used'>, name: string, log: Log): Promise<void> =>
  used(name).catch((err: unknown) =>
    log.warn(
      { action: 'integration_use_not_noted', integration: name, err },
      'could not note the use of an integration',
    ),
  );

/** One that waits for approval, or is disabled, gets no incidents: its sender is to be told, as of one that is unknown. */
async function openTarget(chatId: string, targets: Pick<Targets, 'find'>): Promise<string | undefined> {
  const target = await targets.find(chatId);
  return target?.enabled === true && !target.pending ? target.id : undefined;
}

const changesOf = ({ edges, storage }: EntranceDeps) =>
  createChanges({ database: storage.database, write: storage.committer.write, clock: edges.clock });

const apiOf = (deps: EntranceDeps) => {
  const { config, edges, storage, operations, providers } = deps;
  return createApi({
    ...operations,
    perform: createAnnouncing({ perform: operations.perform, storage, edges }),
    providers,
    alerts: createAlerts(storage),
    story: createStory(storage),
    changes: changesOf(deps),
    ...deps.accounting.rows,
    clock: edges.clock,
    timezone: config.TIMEZONE,
    locale: config.LOCALE,
    defaultTargetId: storage.defaultTargetId,
    takesFallback: (url) => isHookUrl(url, config.LARK_DOMAIN),
    sources: SOURCES.map(({ name }) => name),
  });
};
