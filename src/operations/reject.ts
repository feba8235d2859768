import { z } from 'zod';
import { operationTexts } from '../cards/texts/operations.ts';
import { act, incidentInput } from './act.ts';
import type { Operation } from './operation.ts';

const Input = z.object({
  incident: incidentInput,
  diagnosisId: z.string().min(1).max(100).optional(),
  reason: z.string().trim().max(1000).optional(),
});

/** Says that the diagnosis was wrong, and why; the card then offers to make a new one. */
export const reject: Operation<z.infer<typeof Input>> = {
  name: 'reject',
  right: 'responder',
  input: Input,
  chat: {
    slash: 'reject',
    chinese: '否决',
    usage: { 'zh-CN': '/reject [编号] 理由', 'en-US': '/reject [ID] reason' },
    example: '/reject 3 不是内存，是上游超时',
    help: { 'zh-CN': '否决诊断并说明理由', 'en-US': 'Reject the diagnosis and say why' },
    takes: 'incident',
    parse: (_words, rest) => (rest === '' ? {} : { reason: rest }),
  },
  actions: ['reject_diagnosis'],
  run: (input, context, ports) => {
    const t = operationTexts(context.locale).done;
    const reason = input.reason === '' ? undefined : input.reason;
    const action = {
      kind: 'reject' as const,
      ...(input.diagnosisId === undefined ? {} : { diagnosisId: input.diagnosisId }),
      ...(reason === undefined ? {} : { reason }),
    };
    return act(input.incident, action, context, ports, (incident) =>
      reason === undefined ? `${t.reject(incident.id)} · ${t.askReason}` : t.reject(incident.id),
    );
  },
};
