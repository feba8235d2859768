import { z } from 'zod';
import { operationTexts } from '../cards/texts/operations.ts';
import { act, incidentInput } from './act.ts';
import { done, refuse } from './answers.ts';
import { mayNot } from './forbidden.ts';
import type { Operation } from './operation.ts';

const Input = z.object({
  incident: incidentInput.optional(),
  /** A silence by matchers, as `/silences` lists it. */
  silence: z.string().min(1).max(40).optional(),
});

/** Ends a silence before its time. */
export const unsilence: Operation<z.infer<typeof Input>> = {
  name: 'unsilence',
  right: 'responder',
  input: Input,
  chat: {
    slash: 'unsilence',
    chinese: '解除静默',
    usage: { 'zh-CN': '/unsilence [编号]', 'en-US': '/unsilence [ID]' },
    example: '/unsilence 3',
    help: { 'zh-CN': '提前结束静默', 'en-US': 'End a silence early' },
    takes: 'incident-or-words',
    parse: ([first, ...more]) => (more.length > 0 ? undefined : first === undefined ? {} : { silence: first }),
    alone: (input) => input['silence'] !== undefined,
  },
  actions: ['unsilence'],
  run: async (input, context, ports) => {
    const t = operationTexts(context.locale);
    if (input.silence === undefined) {
      return act(input.incident ?? '', { kind: 'unsilence' }, context, ports, ({ id }) => t.done.unsilence(id));
    }
    if (context.right !== 'admin') return mayNot('admin', context, ports);
    const removed = await ports.silences.remove(input.silence, context.actor);
    return removed ? done(t.done.unsilence(input.silence)) : refuse('not_found', t.refused.noSilence(input.silence));
  },
};
