import { z } from 'zod';
import type { Card } from '../cards/card.ts';
import { line } from '../cards/rich.ts';
import { operationTexts } from '../cards/texts/operations.ts';
import { texts } from '../cards/texts/texts.ts';
import { formatDuration, formatNear } from '../cards/time.ts';
import { matchesAll } from '../incident/matchers.ts';
import { MAX_SILENCE_MS } from '../incident/silences.ts';
import { act, incidentInput } from './act.ts';
import { refuse } from './answers.ts';
import { mayNot } from './forbidden.ts';
import { matchersInput, showMatchers, takeMatchers } from './matchers.ts';
import type { Context, Operation, Outcome } from './operation.ts';
import type { OperationPorts } from './ports.ts';
import { readDuration } from './spoken-duration.ts';

const Input = z.object({
  incident: incidentInput.optional(),
  matchers: matchersInput.optional(),
  /** `90s`, `10m`, `2h`, `30d`; at most 30 days. */
  duration: z.string().max(20).default('2h'),
  reason: z.string().trim().max(500).optional(),
});
type Input = z.infer<typeof Input>;

/** Keeps an incident, or alerts by their labels, from showing anything new for a while. */
export const silence: Operation<Input> = {
  name: 'silence',
  right: 'responder',
  input: Input,
  chat: {
    slash: 'silence',
    chinese: '静默',
    usage: { 'zh-CN': '/silence [编号|匹配条件] 时长 [原因]', 'en-US': '/silence [ID|matchers] duration [reason]' },
    example: '/silence 3 2h',
    help: { 'zh-CN': '静默一个故障，或匹配条件的告警', 'en-US': 'Silence an incident, or alerts by labels' },
    takes: 'incident-or-words',
    parse: (_words, text) => {
      if (text === '') return {};
      const taken = takeMatchers(text);
      if (taken === undefined) return undefined;
      const { matchers, rest } = taken;
      const [duration = '', ...reason] = rest.split(/\s+/u);
      if (readDuration(duration) === undefined) return undefined;
      return { ...(matchers.length > 0 ? { matchers } : {}), duration, reason: reason.join(' ') };
    },
    alone: (input) => input['matchers'] !== undefined,
  },
  actions: ['silence'],
  run: async (input, context, ports) => {
    const t = operationTexts(context.locale).refused;
    const ms = readDuration(input.duration);
    if (ms === undefined || ms > MAX_SILENCE_MS) return refuse('invalid', t.badDuration(input.duration));
    const reason = input.reason === undefined || input.reason === '' ? {} : { reason: input.reason };
    if (input.incident !== undefined) return silenceIncident(input.incident, ms, reason, context, ports);
    if (context.right !== 'admin') return mayNot('admin', context, ports);
    const matchers = input.matchers ?? [];
    return matchesAll(matchers) ? refuse('invalid', t.matchAll) : silenceMatching(matchers, ms, reason, context, ports);
  },
};

type Reason = { readonly reason?: string };

async function silenceIncident(ref: string, ms: number, reason: Reason, context: Context, ports: OperationPorts) {
  const until = context.now + ms;
  const t = operationTexts(context.locale);
  const worded = (id: string) => t.done.silence(id, lasting(ms, context), ending(until, context));
  const outcome = await act(ref, { kind: 'silence', until, ...reason }, context, ports, ({ id }) => worded(id));
  if (!outcome.ok || outcome.incidentId === undefined) return outcome;
  return withUndo(outcome, { incident_id: outcome.incidentId }, `/unsilence ${outcome.incidentId}`, context);
}

async function silenceMatching(
  matchers: NonNullable<Input['matchers']>,
  ms: number,
  reason: Reason,
  context: Context,
  ports: OperationPorts,
) {
  const until = context.now + ms;
  const t = operationTexts(context.locale);
  const { actor, inboundKey } = context;
  const made = await ports.silences.create({
    matchers,
    until,
    ...reason,
    actor,
    ...(inboundKey === undefined ? {} : { inboundKey }),
  });
  const brief = t.done.silenceMatchers(showMatchers(matchers), lasting(ms, context), ending(made.endsAt, context));
  const outcome: Outcome = { ok: true, answer: { brief }, made: made.id, data: { silence: made } };
  return withUndo(outcome, { args: { silence: made.id } }, `/unsilence ${made.id}`, context, matchers);
}

const lasting = (ms: number, { locale }: Context): string => formatDuration(ms, texts(locale).duration);

const ending = (until: number, { now, timezone }: Context): string => formatNear(until, now, timezone);

/** Everybody sees that it happened and can take it back. */
function withUndo(
  outcome: Outcome,
  value: object,
  command: string,
  { locale }: Context,
  concerns?: Input['matchers'],
): Outcome {
  const t = operationTexts(locale);
  const { brief } = outcome.answer;
  const card: Card = {
    tone: 'neutral',
    title: t.lists.silenceTitle,
    tags: [],
    blocks: [
      { kind: 'text', text: line(brief, undefined, 1000) },
      {
        kind: 'buttons',
        buttons: [{ text: t.lists.undo, style: 'default', value: { action: 'unsilence', ...value } }],
      },
      { kind: 'note', text: line(t.done.undo(command)) },
    ],
  };
  const told = { brief: `${brief} · ${t.done.undo(command)}`, card, announce: true } as const;
  return { ...outcome, answer: { ...told, ...(concerns === undefined ? {} : { concerns }) } };
}
