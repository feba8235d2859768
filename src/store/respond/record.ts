import { sql } from 'kysely';
import type { Incident, IncidentId } from '../../incident/incident.ts';
import type { IncidentAction, RespondContext, Response } from '../../incident/ports.ts';
import type { EpochMs } from '../../types.ts';
import type { Trx } from '../database.ts';
import { rowId } from '../ids.ts';
import { keepAnswer, readInbound, takeInbound } from '../inbound.ts';

/** Long enough for the platform to have unlocked the card it shows the press on. */
const PRESS_LEASE_MS = 3000;

/**
 * Takes the press's key; one already taken is answered with what came of it then and the incident as it is now, and
 * changes nothing. Keys of presses are apart from those that the inbound pipeline takes for messages.
 */
export async function answeredBefore(
  trx: Trx,
  { inboundKey, actor }: RespondContext,
  incident: Incident | undefined,
  now: EpochMs,
): Promise<Response | undefined> {
  if (inboundKey === undefined || (await takeInbound(trx, sourceOf(actor.via), inboundKey, now))) return undefined;
  const taken = await readInbound(trx, sourceOf(actor.via), inboundKey);
  return responseOf(taken?.answer, incident);
}

/** Stored without the incident: a second press is shown today's. */
export async function rememberAnswer(
  trx: Trx,
  { inboundKey, actor }: RespondContext,
  response: Response,
): Promise<void> {
  if (inboundKey === undefined) return;
  await keepAnswer(trx, sourceOf(actor.via), inboundKey, JSON.stringify({ ...response, incident: undefined }));
}

const sourceOf = (via: string): string => `action:${via}`;

function responseOf(answer: string | undefined, incident: Incident | undefined): Response {
  if (incident === undefined) return { ok: false, reason: 'not_found' };
  if (answer === undefined) return { ok: false, reason: 'already', incident };
  const stored: Response = { ...JSON.parse(answer), incident };
  return stored;
}

/** No edit starts while the platform locks the card. A call in flight keeps its own lease: another edit follows it. */
export async function holdPressed(
  { db }: Trx,
  id: IncidentId,
  { pressedTargetId }: RespondContext,
  now: EpochMs,
): Promise<void> {
  if (pressedTargetId === undefined) return;
  await db
    .updateTable('placements')
    .set({ lease_token: `press:${rowId(now)}`, lease_until: now + PRESS_LEASE_MS })
    .where('subject_id', '=', id)
    .where('target_id', '=', pressedTargetId)
    .where(sql<boolean>`lease_until <= ${now}`)
    .execute();
}

export interface Acted {
  readonly id: IncidentId;
  readonly action: IncidentAction;
  readonly context: RespondContext;
  readonly response: Response;
  readonly now: EpochMs;
}

/** Refusals too: who tried what is part of the story. */
export async function audit({ db }: Trx, { id, action, context, response, now }: Acted): Promise<void> {
  const { kind, ...detail } = action;
  await db
    .insertInto('audit')
    .values({
      id: rowId(now),
      at: now,
      actor_id: context.actor.id,
      actor_name: context.actor.name,
      via: context.actor.via,
      operation: kind,
      subject: id,
      outcome: response.ok ? 'ok' : response.reason,
      detail: JSON.stringify(detail),
      trace_id: context.traceId,
    })
    .execute();
}
