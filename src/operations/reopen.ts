import { z } from 'zod';
import { operationTexts } from '../cards/texts/operations.ts';
import { act, incidentInput } from './act.ts';
import type { Operation } from './operation.ts';

const Input = z.object({ incident: incidentInput });

/** Opens a resolved incident again, unless another one of its key is open. */
export const reopen: Operation<z.infer<typeof Input>> = {
  name: 'reopen',
  right: 'responder',
  input: Input,
  chat: {
    slash: 'reopen',
    chinese: '重开',
    usage: { 'zh-CN': '/reopen 编号', 'en-US': '/reopen ID' },
    example: '/reopen 3',
    help: { 'zh-CN': '重新打开已解决的故障', 'en-US': 'Reopen a resolved incident' },
    takes: 'incident',
    parse: (words) => (words.length === 0 ? {} : undefined),
  },
  actions: ['reopen'],
  run: (input, context, ports) =>
    act(input.incident, { kind: 'reopen' }, context, ports, (incident) =>
      operationTexts(context.locale).done.reopen(incident.id),
    ),
};
