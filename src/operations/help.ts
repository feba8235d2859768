import { z } from 'zod';
import { helpCard } from '../cards/help-card.ts';
import { operationTexts } from '../cards/texts/operations.ts';
import type { HelpEntry } from '../cards/view.ts';
import type { Locale } from '../types.ts';
import { done } from './answers.ts';
import type { Operation } from './operation.ts';

const Input = z.object({});

/** Lists what can be said, from the table itself; `all` is asked when it runs, because help is part of the table. */
export const createHelp = (all: () => readonly Operation<unknown>[]): Operation<z.infer<typeof Input>> => ({
  name: 'help',
  right: 'guest',
  input: Input,
  reads: true,
  chat: {
    slash: 'help',
    chinese: '帮助',
    usage: { 'zh-CN': '/help', 'en-US': '/help' },
    example: '/help',
    help: { 'zh-CN': '我会做什么', 'en-US': 'What I can do' },
    takes: 'words',
    parse: () => ({}),
  },
  run: async (_input, { locale, timezone }, { publicUrl }) => {
    const commands = helpEntries(all(), locale);
    const card = helpCard(commands, { locale, timezone, publicUrl });
    return done(operationTexts(locale).lists.help, { data: { commands }, card });
  },
});

/** What /help and a composer suggest, in a language. */
export const helpEntries = (operations: readonly Operation<unknown>[], locale: Locale): readonly HelpEntry[] =>
  operations.flatMap(({ chat, right }) =>
    chat === undefined
      ? []
      : [
          {
            slash: `/${chat.slash}`,
            chinese: chat.chinese,
            usage: chat.usage[locale],
            help: chat.help[locale],
            right,
          },
        ],
  );
