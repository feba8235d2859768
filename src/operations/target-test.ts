import type { Channel } from '../channels/channel.ts';
import { line } from '../cards/rich.ts';
import { operationTexts } from '../cards/texts/operations.ts';
import { codeOf } from '../errors.ts';
import type { Edges, Locale } from '../types.ts';
import type { OperationPorts } from './ports.ts';

export interface TargetTestDeps extends Pick<Edges, 'clock'> {
  readonly channels: ReadonlyMap<string, Channel>;
  readonly locale: Locale;
  /** A key no other message has. */
  readonly newKey: () => string;
}

/** Sends past the queue on purpose: the question is whether the platform takes a message now. */
export function createTargetTest({ channels, locale, newKey, clock }: TargetTestDeps): OperationPorts['testTarget'] {
  return async (target) => {
    const at = clock.now();
    const after = (ok: boolean, detail: string) => ({ at, ok, ms: clock.now() - at, detail });
    const channel = channels.get(target.channel);
    if (channel === undefined) return after(false, `no channel ${target.channel} is configured`);
    const language = target.locale ?? locale;
    try {
      const text = line(operationTexts(language).lists.test);
      const message = { key: newKey(), address: target.address, locale: language, mentions: [] };
      const sent = await channel.send(
        { ...message, content: { kind: 'text', text } },
        AbortSignal.timeout(channel.callTimeoutMs),
      );
      return after(true, sent.ref);
    } catch (error) {
      return after(false, `${codeOf(error)}: ${error instanceof Error ? error.message : 'unknown'}`.slice(0, 500));
    }
  };
}
