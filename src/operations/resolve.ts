import { z } from 'zod';
import { operationTexts } from '../cards/texts/operations.ts';
import { act, incidentInput } from './act.ts';
import type { Operation } from './operation.ts';

const Input = z.object({
  incident: incidentInput,
  cause: z.string().trim().max(1000).optional(),
  /** The revision the person saw: when alerts joined since, it is asked once more. */
  rev: z.coerce.number().int().nonnegative().optional(),
});

/** Ends an incident by hand. */
export const resolve: Operation<z.infer<typeof Input>> = {
  name: 'resolve',
  right: 'responder',
  input: Input,
  chat: {
    slash: 'resolve',
    chinese: '解决',
    usage: { 'zh-CN': '/resolve [编号] [根因]', 'en-US': '/resolve [ID] [cause]' },
    example: '/resolve 3 已回滚到 v2.2',
    help: { 'zh-CN': '标记故障已解决', 'en-US': 'Resolve an incident' },
    takes: 'incident',
    parse: (_words, rest) => (rest === '' ? {} : { cause: rest }),
  },
  actions: ['resolve'],
  run: (input, context, ports) => {
    const action = {
      kind: 'resolve' as const,
      ...(input.cause === undefined || input.cause === '' ? {} : { cause: input.cause }),
      ...(input.rev === undefined ? {} : { rev: input.rev }),
    };
    return act(input.incident, action, context, ports, (incident) =>
      operationTexts(context.locale).done.resolve(incident.id),
    );
  },
};
