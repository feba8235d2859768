import { z } from 'zod';
import { statusCard } from '../cards/list-cards.ts';
import { operationTexts } from '../cards/texts/operations.ts';
import { done } from './answers.ts';
import type { Operation } from './operation.ts';

const Input = z.object({});

/** How things stand now: what is unresolved, silenced, waiting to be sent, and how the targets do. */
export const status: Operation<z.infer<typeof Input>> = {
  name: 'status',
  right: 'reader',
  input: Input,
  reads: true,
  chat: {
    slash: 'status',
    chinese: '状态',
    usage: { 'zh-CN': '/status', 'en-US': '/status' },
    example: '/status',
    help: { 'zh-CN': '当前状态', 'en-US': 'How things stand' },
    takes: 'nothing',
    parse: () => ({}),
  },
  run: async (_input, { locale, timezone }, { reports, publicUrl }) => {
    const view = await reports.status();
    const brief = operationTexts(locale).lists.status(view.open, view.acknowledged);
    return done(brief, { data: view, card: statusCard(view, { locale, timezone, publicUrl }) });
  },
};
