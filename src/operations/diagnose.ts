import { z } from 'zod';
import { diagnosisCard } from '../cards/diagnosis-card.ts';
import { operationTexts } from '../cards/texts/operations.ts';
import { act, incidentInput } from './act.ts';
import { done, refuse } from './answers.ts';
import type { Context, Operation, Outcome } from './operation.ts';
import type { OperationPorts } from './ports.ts';

const Input = z.object({
  incident: incidentInput.optional(),
  /** A pasted alert or a sentence; nothing of it is stored. */
  text: z.string().trim().min(1).max(100_000).optional(),
});

/** Asks for a new diagnosis of an incident, which its card then shows, or answers what a text probably means. */
export const diagnose: Operation<z.infer<typeof Input>> = {
  name: 'diagnose',
  right: 'reader',
  input: Input,
  chat: {
    slash: 'diagnose',
    chinese: '诊断',
    usage: { 'zh-CN': '/diagnose [编号|告警内容]', 'en-US': '/diagnose [ID|text]' },
    example: '/diagnose 3',
    help: { 'zh-CN': '重新诊断一个故障，或诊断一段告警内容', 'en-US': 'Diagnose an incident again, or a pasted text' },
    takes: 'incident-or-words',
    parse: (_words, rest) => (rest === '' ? {} : { text: rest }),
    alone: (input) => input['text'] !== undefined,
  },
  actions: ['rediagnose'],
  run: ({ incident, text }, context, ports) => {
    const t = operationTexts(context.locale);
    if (incident !== undefined) return again(incident, context, ports);
    return text === undefined ? Promise.resolve(refuse('invalid', t.refused.noAlert)) : examine(text, context, ports);
  },
};

async function again(incident: string, context: Context, ports: OperationPorts): Promise<Outcome> {
  const worded = operationTexts(context.locale).done.diagnose;
  const outcome = await act(incident, { kind: 'rediagnose' }, context, ports, ({ id }) => worded(id));
  const { targetId } = context;
  // Where a storm's card tells of it, there is none of its own yet to follow.
  if (outcome.ok && outcome.incidentId !== undefined && targetId !== undefined)
    await ports.deliveries.showNow(outcome.incidentId, targetId);
  return outcome;
}

async function examine(text: string, context: Context, ports: OperationPorts): Promise<Outcome> {
  const t = operationTexts(context.locale);
  const alerts = ports.parsePastedAlert(text, context.actor.id, context.now);
  if (alerts.length === 0) return refuse('invalid', t.refused.noAlert);
  const diagnosis = await ports.examine(alerts, context.now);
  const card = diagnosisCard(t.done.examined, diagnosis, { ...context, publicUrl: ports.publicUrl });
  return done(diagnosis.summary, { card, data: { diagnosis } });
}
