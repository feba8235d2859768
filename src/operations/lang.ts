import { z } from 'zod';
import { operationTexts } from '../cards/texts/operations.ts';
import type { Locale } from '../types.ts';
import { done } from './answers.ts';
import { mayNot } from './forbidden.ts';
import type { Operation } from './operation.ts';

const Input = z.object({
  locale: z.enum(['zh-CN', 'en-US']),
  /** `chat` changes what everybody here reads, cards included. */
  scope: z.enum(['me', 'chat']).default('me'),
});

const NAMES: Readonly<Record<string, Locale>> = {
  zh: 'zh-CN',
  'zh-cn': 'zh-CN',
  中文: 'zh-CN',
  en: 'en-US',
  'en-us': 'en-US',
  英文: 'en-US',
  english: 'en-US',
};

/** The language of answers to a person, or of a whole chat. */
export const lang: Operation<z.infer<typeof Input>> = {
  name: 'lang',
  right: 'guest',
  input: Input,
  chat: {
    slash: 'lang',
    chinese: '语言',
    usage: { 'zh-CN': '/lang zh|en [chat]', 'en-US': '/lang zh|en [chat]' },
    example: '/lang en',
    help: {
      'zh-CN': '用中文或英文（加 chat 则改变整个群）',
      'en-US': 'Chinese or English (add chat for the whole chat)',
    },
    takes: 'words',
    parse: ([name = '', scope, ...more]) => {
      const locale = NAMES[name.toLowerCase()];
      if (locale === undefined || more.length > 0) return undefined;
      if (scope === undefined) return { locale };
      return ['chat', '本群'].includes(scope) ? { locale, scope: 'chat' } : undefined;
    },
  },
  run: async ({ locale, scope }, context, ports) => {
    const t = operationTexts(locale).done;
    if (scope === 'me' || context.targetId === undefined) {
      await ports.preferences.setLocale(context.actor.id, locale);
      return done(t.lang(false));
    }
    if (context.right !== 'responder' && context.right !== 'admin') return mayNot('responder', context, ports);
    await ports.targets.update(context.targetId, { locale });
    return done(t.lang(true));
  },
};
