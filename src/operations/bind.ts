import { z } from 'zod';
import { operationTexts } from '../cards/texts/operations.ts';
import { readAddress } from './address.ts';
import { done, refuse } from './answers.ts';
import { matchersInput, showMatchers, takeMatchers } from './matchers.ts';
import type { Operation } from './operation.ts';

const Input = z.object({ matchers: matchersInput.default([]) });

/** Makes this chat a target (or allows a pending one) and sends it incidents whose labels match; all without matchers. */
export const bind: Operation<z.infer<typeof Input>> = {
  name: 'bind',
  right: 'admin',
  input: Input,
  chat: {
    slash: 'bind',
    chinese: '绑定',
    usage: { 'zh-CN': '/bind [匹配条件]', 'en-US': '/bind [matchers]' },
    example: '/bind service=~"pay.*" env=prod',
    help: { 'zh-CN': '让本群接收故障', 'en-US': 'Send incidents to this chat' },
    takes: 'words',
    parse: (_words, text) => {
      const taken = takeMatchers(text);
      return taken?.rest === '' ? { matchers: taken.matchers } : undefined;
    },
  },
  run: async ({ matchers }, { chat, actor, locale }, { targets, bindings }) => {
    const t = operationTexts(locale);
    const where = chat === undefined ? undefined : readAddress(chat);
    if (where === undefined) return refuse('invalid', t.refused.onlyInChat);
    const found = await targets.ensure(where.channel, where.address, { pending: false });
    const target = (await targets.update(found.id, { pending: false, enabled: true })) ?? found;
    const binding = await bindings.add({
      event: 'incident',
      matchers,
      targetId: target.id,
      enabled: true,
      createdBy: actor.id,
    });
    return done(t.done.bind(showMatchers(matchers)), { data: { target, binding } });
  },
};
