import { z } from 'zod';
import { operationTexts } from '../cards/texts/operations.ts';
import { act, incidentInput } from './act.ts';
import type { Operation } from './operation.ts';

const Input = z.object({ incident: incidentInput, diagnosisId: z.string().min(1).max(100).optional() });

/** Says that the diagnosis was right; also acknowledges when nobody has. Without an id the current one is meant. */
export const confirm: Operation<z.infer<typeof Input>> = {
  name: 'confirm',
  right: 'responder',
  input: Input,
  chat: {
    slash: 'confirm',
    chinese: '确认',
    usage: { 'zh-CN': '/confirm [编号]', 'en-US': '/confirm [ID]' },
    example: '/confirm 3',
    help: { 'zh-CN': '确认诊断正确', 'en-US': 'Confirm the diagnosis' },
    takes: 'incident',
    parse: (words) => (words.length === 0 ? {} : undefined),
  },
  actions: ['confirm_diagnosis'],
  run: (input, context, ports) =>
    act(
      input.incident,
      { kind: 'confirm', ...(input.diagnosisId === undefined ? {} : { diagnosisId: input.diagnosisId }) },
      context,
      ports,
      (incident) => operationTexts(context.locale).done.confirm(incident.id),
    ),
};
