import { z } from 'zod';
import { answerCard } from '../cards/answer-card.ts';
import type { Block, Card } from '../cards/card.ts';
import { incidentUrl, linkButton } from '../cards/links.ts';
import { line } from '../cards/rich.ts';
import { operationTexts } from '../cards/texts/operations.ts';
import { texts } from '../cards/texts/texts.ts';
import type { CardContext } from '../cards/view.ts';
import type { Incident, IncidentId } from '../incident/incident.ts';
import type { IncidentAction, Response } from '../incident/ports.ts';
import { done, refuse, say } from './answers.ts';
import { readIncidentRef } from './incident-ref.ts';
import type { Context, Outcome, RefusalCode } from './operation.ts';
import type { OperationPorts } from './ports.ts';

/** The incident an operation is about, as the face passes it: an id in any form a person may write. */
export const incidentInput = z.string().min(1).max(40).describe('Incident id: INC-20261122-003, or 3 for one of today');

/**
 * Runs one action on one incident and words the result: `worded` for success, today's state for a refusal.
 * The transaction is idempotent by the context's inbound key.
 */
export async function act(
  ref: string,
  action: IncidentAction,
  context: Context,
  ports: OperationPorts,
  worded: (incident: Incident) => string,
): Promise<Outcome> {
  const id = readIncidentRef(ref, context.now, context.timezone);
  if (id === undefined) return refuse('invalid', operationTexts(context.locale).refused.badId(ref));
  const response = await ports.respond(id, action, {
    actor: context.actor,
    traceId: context.traceId,
    ...(context.inboundKey === undefined ? {} : { inboundKey: context.inboundKey }),
    ...(context.pressed && context.targetId !== undefined ? { pressedTargetId: context.targetId } : {}),
  });
  const outcome = response.ok
    ? done(worded(response.incident), { incidentId: id, data: { incident: response.incident } })
    : refused(id, action, response, context, ports);
  return { ...outcome, recorded: true };
}

const CODES = {
  not_found: 'not_found',
  illegal: 'illegal',
  already: 'already',
  changed: 'changed',
  superseded: 'superseded',
  other_diagnosis: 'changed',
  no_diagnosis: 'not_found',
} as const satisfies Record<Extract<Response, { ok: false }>['reason'], RefusalCode>;

function refused(
  id: IncidentId,
  action: IncidentAction,
  response: Extract<Response, { ok: false }>,
  context: Context,
  { publicUrl }: OperationPorts,
): Outcome {
  const words = wordsOf(id, action, response, context);
  const outcome = refuse(CODES[response.reason], words, response.reason === 'not_found' ? undefined : id);
  if (response.reason !== 'superseded') return outcome;
  return { ...outcome, answer: say(words, wayTo(response.by, words, { ...context, publicUrl })) };
}

/** The incident that is open instead: its page, and its card in this chat. */
function wayTo(id: IncidentId, words: string, context: CardContext): Card {
  const { card, storm } = texts(context.locale);
  const page = linkButton(card.details, incidentUrl(id, context));
  const show = { text: storm.show(id), style: 'default', value: { action: 'show', incident_id: id } } as const;
  const blocks: readonly Block[] = [
    { kind: 'text', text: line(words) },
    { kind: 'buttons', buttons: [show] },
    ...(page === undefined ? [] : [{ kind: 'links', links: [page] } as const]),
  ];
  return answerCard({ title: id, blocks }, context);
}

function wordsOf(
  id: IncidentId,
  action: IncidentAction,
  response: Extract<Response, { ok: false }>,
  context: Context,
): string {
  const t = operationTexts(context.locale).refused;
  if (response.reason === 'not_found') return t.notFound(id);
  if (response.reason === 'illegal') return t.illegal(id, texts(context.locale).status[response.incident.status]);
  if (response.reason === 'already') return alreadyWords(action, response.incident, context);
  if (response.reason === 'changed') return t.changed(id, response.joined);
  if (response.reason === 'superseded') return t.superseded(id, response.by);
  return response.reason === 'other_diagnosis' ? t.otherDiagnosis(id) : t.noDiagnosis(id);
}

function alreadyWords({ kind }: IncidentAction, incident: Incident, { locale }: Context): string {
  const t = operationTexts(locale).refused.already;
  const { id, assignee = '', acknowledgedBy = assignee } = incident;
  if (kind === 'acknowledge') return t.acknowledge(id, acknowledgedBy);
  if (kind === 'assign') return t.assign(id, assignee);
  if (kind === 'confirm' || kind === 'reject') return t.verdict(id);
  const plain = kind === 'resolve' || kind === 'reopen' || kind === 'silence' || kind === 'unsilence';
  return plain ? t[kind](id) : t.other(id);
}
