import { z } from 'zod';
import { operationTexts } from '../cards/texts/operations.ts';
import { act, incidentInput } from './act.ts';
import type { Operation } from './operation.ts';

const Input = z.object({ incident: incidentInput, text: z.string().trim().min(1).max(2000) });

/** Adds a line to the incident's story. */
export const note: Operation<z.infer<typeof Input>> = {
  name: 'note',
  right: 'reader',
  input: Input,
  chat: {
    slash: 'note',
    chinese: '备注',
    usage: { 'zh-CN': '/note [编号] 内容', 'en-US': '/note [ID] text' },
    example: '/note 3 已联系数据库同事',
    help: { 'zh-CN': '给故障加一条备注', 'en-US': 'Add a note to an incident' },
    takes: 'incident',
    parse: (_words, rest) => (rest === '' ? undefined : { text: rest }),
  },
  actions: ['note'],
  run: (input, context, ports) =>
    act(input.incident, { kind: 'note', text: input.text }, context, ports, (incident) =>
      operationTexts(context.locale).done.note(incident.id),
    ),
};
