import { z } from 'zod';
import { operationTexts } from '../cards/texts/operations.ts';
import { incidentInput } from './act.ts';
import { done, refuse } from './answers.ts';
import { readIncidentRef } from './incident-ref.ts';
import type { Operation } from './operation.ts';

const Input = z.object({ incident: incidentInput });

/** Brings an incident's own card into this chat at once, also out of a storm. */
export const show: Operation<z.infer<typeof Input>> = {
  name: 'show',
  right: 'reader',
  input: Input,
  reads: true,
  actions: ['show'],
  run: async (input, { locale, now, timezone, targetId }, ports) => {
    const t = operationTexts(locale);
    const id = readIncidentRef(input.incident, now, timezone);
    if (id === undefined) return refuse('invalid', t.refused.badId(input.incident));
    if ((await ports.incidents.get(id)) === undefined) return refuse('not_found', t.refused.notFound(id));
    if (targetId === undefined) return refuse('invalid', t.refused.onlyInChat, id);
    await ports.deliveries.showNow(id, targetId);
    return done(t.done.show(id), { incidentId: id });
  },
};
