import type { Part } from '../http/ports.ts';
import type { OperationPorts } from '../operations/ports.ts';
import type { Locale } from '../types.ts';
import type { Storage } from './storage.ts';

export interface ReadinessDeps {
  readonly storage: Storage;
  readonly ports: Pick<OperationPorts, 'targets' | 'bindings'>;
  /** Names of the channels this process serves. */
  readonly channels: readonly string[];
  readonly locale: Locale;
}

/** Each part of us with the reason for its state, for `/readyz` and the console. */
export function createReadiness({ storage, ports, channels }: ReadinessDeps): () => Promise<readonly Part[]> {
  return async () => {
    const failure = storage.health.failure();
    if (failure !== undefined) {
      return [{ name: 'storage', ok: false, reason: `refuses writes: ${failure.reason}; alerts are answered 503` }];
    }
    const stored: Part = { name: 'storage', ok: true, reason: `${storage.database.engine} takes writes` };
    const targets = (await ports.targets.list()).filter(({ enabled, pending }) => enabled && !pending);
    const dead = targets.filter(({ state }) => state === 'dead');
    const unserved = targets.filter(({ channel }) => !channels.includes(channel));
    return [
      stored,
      partOf('targets', dead, 'all reachable', (names) => `dead: ${names}; see "zhiban deliveries --failed"`),
      partOf(
        'channels',
        unserved,
        channels.join(', '),
        (names) => `targets of a channel that is not configured: ${names}`,
      ),
      await routing(ports, targets, channels, storage.defaultTargetId),
    ];
  };
}

type Named = readonly { readonly name: string }[];

const partOf = (name: string, wrong: Named, fine: string, fault: (names: string) => string): Part => ({
  name,
  ok: wrong.length === 0,
  reason: wrong.length === 0 ? fine : fault(wrong.map((one) => one.name).join(', ')),
});

/** A real channel to which nothing routes looks healthy and shows nothing. */
async function routing(
  { bindings }: ReadinessDeps['ports'],
  targets: readonly { readonly id: string; readonly channel: string }[],
  channels: readonly string[],
  defaultTargetId: string,
): Promise<Part> {
  const bound = new Set((await bindings.list()).filter(({ enabled }) => enabled).map(({ targetId }) => targetId));
  const reached = new Set(
    targets.filter(({ id }) => bound.has(id) || id === defaultTargetId).map(({ channel }) => channel),
  );
  const silent = channels.filter((channel) => channel !== 'playground' && !reached.has(channel));
  return {
    name: 'routing',
    ok: silent.length === 0,
    reason:
      silent.length === 0
        ? 'every configured channel is reached'
        : `nothing routes to ${silent.join(', ')}: say "@zhiban /bind" in a chat there, or set DEFAULT_TARGET`,
  };
}
