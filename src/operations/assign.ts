import { z } from 'zod';
import { operationTexts } from '../cards/texts/operations.ts';
import { act, incidentInput } from './act.ts';
import { refuse } from './answers.ts';
import type { Context, Operation } from './operation.ts';
import type { OperationPorts } from './ports.ts';

const Input = z.object({
  incident: incidentInput,
  /** `channel:external id`, or the id or name of an operator; absent means "to me". */
  to: z.string().min(1).max(200).optional(),
  /** The name to show when `to` is an id that no operator has. */
  toName: z.string().min(1).max(100).optional(),
});
type Input = z.infer<typeof Input>;

const EVERYBODY = /^(?:[a-z-]+:)?[@＠_]*(?:all|everyone|everybody|here|channel|所有人|全体成员)$/iu;

/** `channel:external id`. */
const EXTERNAL_ID = /^[a-z][a-z-]*:\S+$/u;

const ME = new Set(['me', '我', '自己']);

/** Gives an incident to somebody; without a person, to whoever asks. */
export const assign: Operation<Input> = {
  name: 'assign',
  right: 'responder',
  input: Input,
  chat: {
    slash: 'assign',
    chinese: '指派',
    usage: { 'zh-CN': '/assign [编号] @某人', 'en-US': '/assign [ID] @person' },
    example: '/assign 3 @alice',
    help: { 'zh-CN': '指派给某人（不写则是自己）', 'en-US': 'Assign to somebody (to yourself when left out)' },
    takes: 'incident',
    parse: (_words, rest, said) => {
      const [mention] = said.mentions;
      if (mention) return { to: `${said.channel}:${mention.id}`, toName: mention.name };
      const name = rest.replace(/^[@＠]/u, '').trim();
      return name === '' || ME.has(name.toLowerCase()) ? {} : { to: name };
    },
  },
  actions: ['assign'],
  run: async (input, context, ports) => {
    const t = operationTexts(context.locale);
    // On several platforms such an id would mention the whole chat.
    if (input.to !== undefined && EVERYBODY.test(input.to)) return refuse('not_found', t.refused.noOperator(input.to));
    const found = await person(input, context, ports);
    if (found === undefined) return refuse('not_found', t.refused.noOperator(input.to ?? ''));
    const { toId, toName } = found;
    return act(input.incident, { kind: 'assign', toId, toName }, context, ports, (incident) =>
      t.done.assign(incident.id, toName),
    );
  },
};

async function person({ to, toName }: Input, { actor }: Context, { operators }: OperationPorts) {
  if (to === undefined) return { toId: actor.id, toName: actor.name };
  const operator = (await operators.byExternalId(to)) ?? (await operators.find(to));
  // An id was vouched for by a mention or written out; a mere name that nobody has would own it and hear nothing.
  if (operator === undefined) return EXTERNAL_ID.test(to) ? { toId: to, toName: toName ?? to } : undefined;
  // An id on a channel tells a mention more than ours does: the one given, else the person's first.
  const toId = operator.ids.includes(to) ? to : (operator.ids[0] ?? operator.id);
  // Whoever assigns does not choose what a person we know is called.
  return { toId, toName: operator.name };
}
