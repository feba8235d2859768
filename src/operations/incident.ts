import { z } from 'zod';
import { incidentCard } from '../cards/incident-card.ts';
import { operationTexts } from '../cards/texts/operations.ts';
import { incidentInput } from './act.ts';
import { done, refuse } from './answers.ts';
import { readIncidentRef } from './incident-ref.ts';
import type { Operation } from './operation.ts';
import { show } from './show.ts';

const Input = z.object({ incident: incidentInput });

/** Shows one incident: as its living card where the chat is a target's, else as an answer. */
export const incident: Operation<z.infer<typeof Input>> = {
  name: 'incident',
  right: 'reader',
  input: Input,
  reads: true,
  chat: {
    slash: 'incident',
    chinese: '详情',
    usage: { 'zh-CN': '/incident 编号', 'en-US': '/incident ID' },
    example: '/incident 3',
    help: { 'zh-CN': '查看一个故障', 'en-US': 'Show one incident' },
    takes: 'incident',
    parse: (words) => (words.length === 0 ? {} : undefined),
  },
  run: async (input, context, ports) => {
    if (context.targetId !== undefined) return show.run(input, context, ports);
    const { locale, now, timezone } = context;
    const t = operationTexts(locale).refused;
    const id = readIncidentRef(input.incident, now, timezone);
    if (id === undefined) return refuse('invalid', t.badId(input.incident));
    const view = await ports.incidents.view(id, context.actor.via);
    if (view === undefined) return refuse('not_found', t.notFound(id));
    const card = incidentCard(view, { locale, timezone, publicUrl: ports.publicUrl });
    return done(card.title, { incidentId: id, data: { incident: view.incident }, card });
  },
};
