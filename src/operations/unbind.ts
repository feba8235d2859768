import { z } from 'zod';
import { operationTexts } from '../cards/texts/operations.ts';
import { done, refuse } from './answers.ts';
import type { Operation } from './operation.ts';

const Input = z.object({});

/** Removes this chat's bindings; incidents already shown here stay true. */
export const unbind: Operation<z.infer<typeof Input>> = {
  name: 'unbind',
  right: 'admin',
  input: Input,
  chat: {
    slash: 'unbind',
    chinese: '解绑',
    usage: { 'zh-CN': '/unbind', 'en-US': '/unbind' },
    example: '/unbind',
    help: { 'zh-CN': '本群不再接收新的故障', 'en-US': 'Send no more new incidents here' },
    takes: 'nothing',
    parse: () => ({}),
  },
  run: async (_input, { targetId, chat, locale }, { bindings, defaultTargetId }) => {
    const t = operationTexts(locale);
    if (chat === undefined) return refuse('invalid', t.refused.onlyInChat);
    const bound = targetId === undefined ? [] : await bindings.list({ targetId });
    if (bound.length === 0) return refuse('not_found', t.refused.notBound);
    for (const { id } of bound) await bindings.remove(id);
    return done(t.done.unbind(bound.length, targetId === defaultTargetId), {
      data: { removed: bound.map(({ id }) => id) },
    });
  },
};
