import { z } from 'zod';
import { operationTexts } from '../cards/texts/operations.ts';
import { whyCard } from '../cards/why-card.ts';
import { incidentInput } from './act.ts';
import { done, refuse } from './answers.ts';
import { readIncidentRef } from './incident-ref.ts';
import type { Operation } from './operation.ts';

const Input = z.object({ incident: incidentInput });

/** Every delivery and decision about an incident. */
export const why: Operation<z.infer<typeof Input>> = {
  name: 'why',
  right: 'reader',
  input: Input,
  reads: true,
  chat: {
    slash: 'why',
    chinese: '为什么',
    usage: { 'zh-CN': '/why [编号]', 'en-US': '/why [ID]' },
    example: '/why 3',
    help: { 'zh-CN': '为什么发了、没发、发到哪里', 'en-US': 'Every delivery and decision' },
    takes: 'incident',
    parse: (words) => (words.length === 0 ? {} : undefined),
  },
  run: async (input, { locale, timezone, now }, ports) => {
    const t = operationTexts(locale);
    const id = readIncidentRef(input.incident, now, timezone);
    if (id === undefined) return refuse('invalid', t.refused.badId(input.incident));
    const view = await ports.deliveries.why(id);
    if (view === undefined) return refuse('not_found', t.refused.notFound(id));
    const card = whyCard(view, { locale, timezone, publicUrl: ports.publicUrl });
    return done(t.lists.why(id), { incidentId: id, data: view, card });
  },
};
