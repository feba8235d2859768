import type { Channel, Message, Sent, ShowRequest, Shown } from '../../src/channels/channel.ts';

export interface FakeCall {
  readonly verb: 'post' | 'edit' | 'send';
  readonly address: string;
  readonly key: string;
  readonly at: number;
  /** The incident or storm the card is about, or the text sent. */
  readonly about: string;
  readonly title: string;
  readonly tone: string;
  readonly rev: number;
  readonly changes: readonly string[];
  readonly message?: Message;
  readonly payload: string;
  ref?: string;
}

/** What a call does instead of succeeding: throws, or waits for what it returns; nothing = it succeeds. */
export type Script = (call: FakeCall, signal: AbortSignal) => Promise<void> | void;

/** A chat platform in memory that records every call it gets and does with it what the script says. */
export function createFakeChannel(over: Partial<Channel> = {}) {
  const calls: FakeCall[] = [];
  const cards = new Map<string, FakeCall>();
  const byKey = new Map<string, string>();
  const busy = new Map<string, number>();
  const state = { script: undefined as Script | undefined, mostAtOnce: 0 };
  let refs = 0;

  async function take(call: FakeCall, previous: string | undefined, signal: AbortSignal): Promise<string> {
    calls.push(call);
    const place = `${call.address} ${call.about}`;
    const now = (busy.get(place) ?? 0) + 1;
    busy.set(place, now);
    if (call.verb !== 'send') state.mostAtOnce = Math.max(state.mostAtOnce, now);
    try {
      await state.script?.(call, signal);
      const known = channel.idempotency === 'key' ? byKey.get(call.key) : undefined;
      const ref = previous ?? known ?? `m${(refs += 1)}`;
      byKey.set(call.key, ref);
      call.ref = ref;
      if (call.verb !== 'send') cards.set(ref, call);
      return ref;
    } finally {
      busy.set(place, now - 1);
    }
  }

  const channel: Channel = {
    name: 'fake',
    idempotency: 'key',
    limits: { bytes: 100_000, elements: 200, buttons: 100 },
    pacing: { perMinute: 60_000, burst: 1000, concurrency: 4 },
    editing: {},
    threads: true,
    callTimeoutMs: 1000,
    show: async (request: ShowRequest, signal: AbortSignal): Promise<Shown> => {
      const { card, key, address, previous, changes } = request;
      const edits = previous !== undefined && channel.editing !== undefined;
      const call: FakeCall = {
        verb: edits ? 'edit' : 'post',
        address,
        key,
        at: Date.now(),
        about: card.incidentId ?? 'storm',
        title: card.title,
        tone: card.tone,
        rev: card.rev ?? 0,
        changes,
        payload: JSON.stringify(card),
      };
      return { ref: await take(call, edits ? previous.ref : undefined, signal) };
    },
    send: async (message: Message, signal: AbortSignal): Promise<Sent> => {
      const { content } = message;
      const about =
        content.kind === 'text'
          ? content.text.map((piece) => ('text' in piece ? piece.text : `@${piece.mention.name}`)).join('')
          : content.card.title;
      const call: FakeCall = {
        verb: 'send',
        address: message.address,
        key: message.key,
        at: Date.now(),
        about,
        title: about,
        tone: 'neutral',
        rev: 0,
        changes: [],
        message,
        payload: JSON.stringify(message),
      };
      return { ref: await take(call, undefined, signal) };
    },
    ...over,
  };

  return {
    channel,
    calls,
    /** The cards as they look now, by message. */
    cards,
    script: (script: Script | undefined) => {
      state.script = script;
    },
    /** Most shows of one placement that were ever under way at once. */
    mostAtOnce: () => state.mostAtOnce,
    of: (verb: FakeCall['verb']) => calls.filter((call) => call.verb === verb),
  };
}

export type FakeChannel = ReturnType<typeof createFakeChannel>;
