import { z } from 'zod';
import { operationTexts } from '../cards/texts/operations.ts';
import { act, incidentInput } from './act.ts';
import type { Operation } from './operation.ts';

const Input = z.object({ incident: incidentInput });

/** Takes an incident: says that somebody is on it. Covers the alerts present at that moment. */
export const ack: Operation<z.infer<typeof Input>> = {
  name: 'ack',
  right: 'reader',
  input: Input,
  chat: {
    slash: 'ack',
    chinese: '认领',
    usage: { 'zh-CN': '/ack [编号]', 'en-US': '/ack [ID]' },
    example: '/ack 3',
    help: { 'zh-CN': '认领故障', 'en-US': 'Acknowledge an incident' },
    takes: 'incident',
    parse: (words) => (words.length === 0 ? {} : undefined),
  },
  actions: ['ack'],
  run: (input, context, ports) =>
    act(input.incident, { kind: 'acknowledge' }, context, ports, (incident) =>
      operationTexts(context.locale).done.ack(incident.id, context.actor.name),
    ),
};
