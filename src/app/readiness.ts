import type { Part } from '../http/ports.ts';
import type { OperationPorts } from '../operations/ports.ts';
import type { Target } from '../operations/targets-port.ts';
import type { Locale } from '../types.ts';
import type { LarkHealth } from './lark-ears.ts';
import { READINESS_TEXTS, type ReadinessTexts } from './readiness-texts.ts';
import type { Storage } from './storage.ts';

export interface ReadinessDeps {
  readonly storage: Storage;
  readonly ports: Pick<OperationPorts, 'targets' | 'bindings'>;
  /** Names of the channels this process serves. */
  readonly channels: readonly string[];
  /** Those of them that somebody configured: something should route there. */
  readonly configured: readonly string[];
  readonly lark?: () => LarkHealth;
}

/** Each part of us with the reason for its state, in a language: `/readyz` speaks English, the console the visitor's. */
export type Readiness = (locale: Locale) => Promise<readonly Part[]>;

export function createReadiness({ storage, ports, channels, configured, lark }: ReadinessDeps): Readiness {
  return async (locale) => {
    const texts = READINESS_TEXTS[locale];
    const failure = storage.health.failure();
    if (failure !== undefined) return [{ name: 'storage', ok: false, reason: texts.storageBad(failure.reason) }];
    const all = await ports.targets.list();
    const targets = all.filter(({ enabled, pending }) => enabled && !pending);
    const waiting = all.filter((target) => target.enabled && target.pending && !isPerson(target));
    const dead = targets.filter(({ state }) => state === 'dead');
    const routed = await routedOf(ports, targets, storage.defaultTargetId);
    const unserved = routed.filter(({ channel }) => !channels.includes(channel));
    return [
      { name: 'storage', ok: true, reason: texts.storage(storage.database.engine) },
      partOf('targets', dead, texts.targets, texts.targetsDead),
      partOf('channels', unserved, channels.join(', '), texts.channelsMissing),
      routing(routed, configured, texts),
      ...(waiting.length === 0 ? [] : [partOf('approval', waiting, '', texts.approval)]),
      ...(lark === undefined ? [] : [larkPart(lark(), targets, texts)]),
    ];
  };
}

/** Whoever writes to the bot gets an answer there, and asks for no incidents. */
const isPerson = ({ channel, address }: Pick<Target, 'channel' | 'address'>): boolean =>
  channel === 'lark' && address.startsWith('ou_');

type Named = readonly { readonly name: string }[];

/** Strangers can add the bot to any number of groups, and probes read this all day. */
const MOST_NAMED = 10;

const listed = (all: Named): string => {
  const named = all.slice(0, MOST_NAMED).map(({ name }) => name);
  return (all.length > named.length ? [...named, `… +${all.length - named.length}`] : named).join(', ');
};

/** A chat that is gone must not take alerts from a replica that could store them. */
const partOf = (name: string, wrong: Named, fine: string, fault: (names: string) => string): Part => ({
  name,
  ok: wrong.length === 0,
  reason: wrong.length === 0 ? fine : fault(listed(wrong)),
  minor: true,
});

function larkPart(
  { known, fault, socket, spentUntil }: LarkHealth,
  targets: readonly Pick<Target, 'name' | 'channel' | 'hasFallback'>[],
  { lark: texts }: ReadinessTexts,
): Part {
  const part = (ok: boolean, reason: string): Part => ({ name: 'lark', ok, reason, minor: true });
  if (spentUntil !== undefined) {
    const silent = targets.filter(({ channel, hasFallback }) => channel === 'lark' && !hasFallback);
    return part(false, texts.spent(new Date(spentUntil).toISOString(), listed(silent)));
  }
  if (fault !== undefined) return part(false, texts.refused(fault));
  if (socket !== undefined && !socket.connected)
    return part(false, texts.disconnected(new Date(socket.since ?? 0).toISOString()));
  return known ? part(true, socket === undefined ? texts.webhook : texts.connected) : part(false, texts.starting);
}

/** Where incidents go now; the default of yesterday's configuration is still a row, and no fault. */
async function routedOf<T extends { readonly id: string }>(
  { bindings }: ReadinessDeps['ports'],
  targets: readonly T[],
  defaultTargetId: string,
): Promise<readonly T[]> {
  const bound = new Set((await bindings.list()).filter(({ enabled }) => enabled).map(({ targetId }) => targetId));
  return targets.filter(({ id }) => bound.has(id) || id === defaultTargetId);
}

/** A real channel to which nothing routes looks healthy and shows nothing. */
function routing(
  routed: readonly { readonly channel: string }[],
  configured: readonly string[],
  texts: ReadinessTexts,
): Part {
  const reached = new Set(routed.map(({ channel }) => channel));
  const silent = configured.filter((channel) => !reached.has(channel));
  return partOf(
    'routing',
    silent.map((name) => ({ name })),
    texts.routing,
    texts.routingMissing,
  );
}
