import { z } from 'zod';
import { incidentListCard } from '../cards/list-cards.ts';
import { operationTexts } from '../cards/texts/operations.ts';
import type { Status } from '../incident/incident.ts';
import { done } from './answers.ts';
import type { Operation } from './operation.ts';

const Input = z.object({ which: z.enum(['open', 'mine', 'all']).default('open') });

const UNRESOLVED: readonly Status[] = ['open', 'acknowledged'];
const MOST_LISTED = 20;

const WHICH: Readonly<Record<string, 'open' | 'mine' | 'all'>> = {
  open: 'open',
  mine: 'mine',
  all: 'all',
  未解决: 'open',
  我的: 'mine',
  全部: 'all',
  所有: 'all',
};

/** Lists incidents: the unresolved ones, those of the person who asks, or the latest of all. */
export const incidents: Operation<z.infer<typeof Input>> = {
  name: 'incidents',
  right: 'reader',
  input: Input,
  reads: true,
  chat: {
    slash: 'incidents',
    chinese: '故障',
    usage: { 'zh-CN': '/incidents [open|mine|all]', 'en-US': '/incidents [open|mine|all]' },
    example: '/incidents mine',
    help: { 'zh-CN': '列出故障（未解决、我的、全部）', 'en-US': 'List incidents (open, mine, all)' },
    takes: 'words',
    parse: ([word = 'open', ...more]) => {
      const which = WHICH[word.toLowerCase()];
      return which === undefined || more.length > 0 ? undefined : { which };
    },
  },
  run: async ({ which }, { locale, timezone, actor, actorIds }, ports) => {
    const page = await ports.incidents.list({
      ...(which === 'all' ? {} : { status: UNRESOLVED }),
      ...(which === 'mine' ? { assigneeIds: actorIds ?? [actor.id] } : {}),
      limit: MOST_LISTED,
    });
    const brief = operationTexts(locale).lists.incidents(page.total);
    const context = { locale, timezone, publicUrl: ports.publicUrl };
    return done(brief, { data: page, card: incidentListCard(page.items, context, { total: page.total }) });
  },
};
