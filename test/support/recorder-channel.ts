import type { Card } from '../../src/cards/card.ts';
import type { Channel, MessageContent } from '../../src/channels/channel.ts';
import { MessageGone, PlatformUnavailable, RateLimited, TargetGone } from '../../src/errors.ts';

/** A channel over the recorder's HTTP interface, with or without idempotency keys. */
export function createRecorderChannel(url: string, idempotency: 'key' | 'none', callTimeoutMs = 3000): Channel {
  const call = async (method: string, path: string, body: unknown, signal: AbortSignal): Promise<string> => {
    const response = await fetch(`${url}${path}`, {
      method,
      signal,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }).catch((cause: unknown) => {
      throw new PlatformUnavailable('the recorder did not answer', true, { cause });
    });
    if (response.status === 429) throw new RateLimited('recorder', Number(response.headers.get('retry-after')) * 1000);
    if (response.status === 404) throw new TargetGone('the room is gone');
    if (response.status === 410) throw new MessageGone('the message is gone');
    if (!response.ok) throw new PlatformUnavailable(`the recorder answered ${response.status}`, false);
    const answer = (await response.json()) as { readonly ref: string };
    return answer.ref;
  };
  return {
    name: 'recorder',
    idempotency,
    limits: { bytes: 200_000, elements: 1000, buttons: 200 },
    pacing: { perMinute: 600_000, burst: 10_000, concurrency: 8 },
    editing: {},
    threads: true,
    callTimeoutMs,
    show: async ({ key, address, card, previous }, signal) => {
      const body = { key, room: address, ...summary(card) };
      const ref =
        previous === undefined
          ? await call('POST', '/cards', body, signal)
          : await call('PUT', `/cards/${previous.ref}`, body, signal);
      return { ref };
    },
    send: async ({ key, address, content }, signal) => ({
      ref: await call('POST', '/send', { key, room: address, ...contentSummary(content) }, signal),
    }),
  };
}

const summary = (card: Card) => ({
  title: card.title,
  tone: card.tone,
  rev: card.rev ?? 0,
  incidentId: card.incidentId ?? '',
});

const contentSummary = (content: MessageContent) =>
  content.kind === 'card'
    ? summary(content.card)
    : {
        title: content.text.map((piece) => ('text' in piece ? piece.text : `@${piece.mention.name}`)).join(''),
        tone: 'neutral',
        rev: 0,
        incidentId: '',
      };
