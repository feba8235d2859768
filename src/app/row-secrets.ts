import { setTimeout as sleep } from 'node:timers/promises';
import type { Integrations } from '../operations/integrations-port.ts';
import type { TargetChanges, Targets } from '../operations/targets-port.ts';
import type { Log } from '../telemetry/log.ts';
import type { Secrets } from './secrets.ts';

export interface RowSecretsDeps {
  readonly read: () => Promise<readonly string[]>;
  readonly secrets: Pick<Secrets, 'keep'>;
  readonly log: Log;
}

/** A command beside us, or another replica, may have changed rows. */
const EVERY_MS = 10_000;

/** Has the secrets of rows blanked as they come and go; what is changed here is known before it is answered. */
export function createRowSecrets({ read, secrets, log }: RowSecretsDeps) {
  let turn = Promise.resolve();
  const readOnce = async (): Promise<void> => {
    try {
      secrets.keep('rows', await read());
    } catch (err) {
      log.warn({ action: 'row_secrets_unread', err }, 'could not look for secrets that must not be shown');
    }
  };
  /** One after another: what was read before a change must not count after it. */
  const refresh = (): Promise<void> => (turn = turn.then(readOnce));
  const then = async <T>(work: Promise<T>, touches: boolean): Promise<T> => {
    const done = await work;
    if (touches) await refresh();
    return done;
  };
  return {
    refresh,
    targets: (targets: Targets): Targets => ({
      ...targets,
      ensure: (channel, address, made) => then(targets.ensure(channel, address, made), holdsSecret(made)),
      update: (id, changes) => then(targets.update(id, changes), holdsSecret(changes)),
      remove: (id) => then(targets.remove(id), true),
    }),
    integrations: (integrations: Integrations): Integrations => ({
      ...integrations,
      add: (integration) => then(integrations.add(integration), integration.hmacSecret !== undefined),
    }),
    run: async (signal: AbortSignal, everyMs = EVERY_MS): Promise<void> => {
      while (!signal.aborted) {
        await refresh();
        await sleep(everyMs, undefined, { signal }).catch(() => undefined);
      }
    },
  };
}

const holdsSecret = ({ secret, fallback }: TargetChanges): boolean => secret !== undefined || fallback !== undefined;
