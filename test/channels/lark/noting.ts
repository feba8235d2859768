import type { Channel } from '../../../src/channels/channel.ts';

/** The channel, and the ref of everything it posted, in order: a custom bot's platform names no message. */
export function notingRefs(inner: Channel): { readonly channel: Channel; readonly refs: readonly string[] } {
  const refs: string[] = [];
  const noting = async <T extends { readonly ref: string }>(sending: Promise<T>): Promise<T> => {
    const sent = await sending;
    refs.push(sent.ref);
    return sent;
  };
  const channel: Channel = {
    ...inner,
    show: (request, ended) => noting(inner.show(request, ended)),
    send: (message, ended) => noting(inner.send(message, ended)),
  };
  return { channel, refs };
}
