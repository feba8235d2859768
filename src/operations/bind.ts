import { z } from 'zod';
import { operationTexts } from '../cards/texts/operations.ts';
import { readAddress } from './address.ts';
import { done, refuse } from './answers.ts';
import { matchersInput, showMatchers, takeMatchers } from './matchers.ts';
import type { Context, Operation, Outcome } from './operation.ts';
import type { OperationPorts } from './ports.ts';
import type { Target } from './targets-port.ts';

const Input = z.object({
  matchers: matchersInput.default([]),
  /** Id of the pending target that is approved; this chat when left out. */
  target: z.string().min(1).max(100).optional(),
});
type Input = z.infer<typeof Input>;

/** Makes this chat a target (or allows a pending one) and sends it incidents whose labels match; all without matchers. */
export const bind: Operation<Input> = {
  name: 'bind',
  right: 'admin',
  input: Input,
  actions: ['approve_target'],
  chat: {
    slash: 'bind',
    chinese: '绑定',
    usage: { 'zh-CN': '/bind [匹配条件]', 'en-US': '/bind [matchers]' },
    example: '/bind service=~"pay.*" env=prod',
    help: { 'zh-CN': '让本群接收故障', 'en-US': 'Send incidents to this chat' },
    takes: 'words',
    parse: (_words, text) => {
      const taken = takeMatchers(text);
      return taken?.rest === '' ? { matchers: taken.matchers } : undefined;
    },
  },
  run: async (input, context, ports) => {
    const t = operationTexts(context.locale);
    const found = await meant(input, context, ports);
    if ('refusal' in found) return found.refusal;
    const { matchers } = input;
    // What an approved chat gets may have been chosen since: an old card must not add everything to it.
    if (input.target !== undefined && !found.target.pending)
      return refuse('already', t.approval.already(found.target.name));
    // In this order, so that an approval that ended half-way can be pressed again.
    const binding = await ports.bindings.add({
      event: 'incident',
      matchers,
      targetId: found.target.id,
      enabled: true,
      createdBy: context.actor.id,
    });
    const target = (await ports.targets.update(found.target.id, { pending: false, enabled: true })) ?? found.target;
    const said = input.target === undefined ? t.done.bind(showMatchers(matchers)) : t.approval.done(target.name);
    const outcome = done(said, { data: { target, binding } });
    return input.target === undefined ? outcome : { ...outcome, answer: { ...outcome.answer, announce: true } };
  },
};

type Meant = { readonly target: Target } | { readonly refusal: Outcome };

async function meant({ target: id }: Input, { chat, locale }: Context, { targets }: OperationPorts): Promise<Meant> {
  const t = operationTexts(locale).refused;
  if (id !== undefined) {
    const target = await targets.get(id);
    return target === undefined ? { refusal: refuse('not_found', t.noTarget(id, [])) } : { target };
  }
  const where = chat === undefined ? undefined : readAddress(chat);
  if (where === undefined) return { refusal: refuse('invalid', t.onlyInChat) };
  return { target: await targets.ensure(where.channel, where.address, { pending: false }) };
}
