import { z } from 'zod';
import { operationTexts } from '../cards/texts/operations.ts';
import { act, incidentInput } from './act.ts';
import type { Operation } from './operation.ts';

const Input = z.object({ incident: incidentInput });

/** Asks for a new diagnosis; the card shows it when it is there. */
export const diagnose: Operation<z.infer<typeof Input>> = {
  name: 'diagnose',
  right: 'reader',
  input: Input,
  chat: {
    slash: 'diagnose',
    chinese: '诊断',
    usage: { 'zh-CN': '/diagnose [编号]', 'en-US': '/diagnose [ID]' },
    example: '/diagnose 3',
    help: { 'zh-CN': '重新诊断', 'en-US': 'Diagnose again' },
    takes: 'incident',
    parse: (words) => (words.length === 0 ? {} : undefined),
  },
  actions: ['rediagnose'],
  run: (input, context, ports) =>
    act(input.incident, { kind: 'rediagnose' }, context, ports, ({ id }) =>
      operationTexts(context.locale).done.diagnose(id),
    ),
};
