import { z } from 'zod';
import { matchersInput } from '../../operations/matchers.ts';
import type { Context, Outcome, RefusalCode } from '../../operations/operation.ts';
import { findOperation } from '../../operations/table.ts';
import { incidentJson, incidentShape } from './incident-json.ts';
import type { ApiDeps } from './ports.ts';
import { ApiRefusal, type ApiRequest, type Reply, route } from './route.ts';

const ACTIONS = [
  'ack',
  'assign',
  'note',
  'diagnose',
  'rediagnose',
  'confirm',
  'confirm_diagnosis',
  'reject',
  'reject_diagnosis',
  'resolve',
  'reopen',
  'silence',
  'unsilence',
] as const;

const body = z.object({
  action: z.enum(ACTIONS, { error: `must be one of ${ACTIONS.join(', ')}` }),
  actor: z.string().trim().min(1).max(100).optional().describe('the name shown as who did it'),
  reason: z.string().max(2000).optional().describe('of reject, resolve and silence; the text of note'),
  cause: z.string().max(1000).optional(),
  text: z.string().max(2000).optional(),
  duration: z.string().max(20).optional().describe('of silence: 90s, 10m, 2h, 30d'),
  to: z.string().max(200).optional().describe('of assign: channel:id, or an operator; the actor when absent'),
  to_name: z.string().max(100).optional(),
  rev: z
    .number()
    .int()
    .nonnegative()
    .optional()
    .describe('the revision seen: resolve refuses when alerts joined since'),
  diagnosis_id: z.string().max(100).optional(),
});

/** The status of a refusal; doing again what is done is no fault. */
export const REFUSAL_STATUS: Readonly<Record<RefusalCode, number>> = {
  not_found: 404,
  illegal: 409,
  already: 200,
  changed: 409,
  superseded: 409,
  forbidden: 403,
  invalid: 400,
  unavailable: 503,
};

/** `POST /incidents/:id/actions`: the same operations as commands and buttons. */
export const act = route({
  method: 'post',
  path: '/incidents/:id/actions',
  summary: 'Does something to an incident, as a button would',
  body,
  data: z.object({ incident: incidentShape }),
  run: async (request, deps) => {
    const { action, actor, reason, to_name: toName, diagnosis_id: diagnosisId, ...rest } = request.body;
    const input = {
      ...rest,
      incident: request.params['id'],
      reason,
      toName,
      diagnosisId,
      cause: rest.cause ?? reason,
      text: rest.text ?? reason,
    };
    const operation = findOperation(action);
    if (operation === undefined) throw new ApiRefusal(400, `There is no action ${action}.`);
    const outcome = await deps.perform(operation, input, apiContext(request, deps, actor));
    return replyOf(outcome, deps);
  },
});

/** The bearer of ADMIN_TOKEN acts as admin, under the name it gives. */
export function apiContext(
  { traceId, idempotencyKey }: Pick<ApiRequest<unknown, unknown>, 'traceId' | 'idempotencyKey'>,
  { clock, timezone, locale }: ApiDeps,
  actor = 'API',
): Context {
  return {
    actor: { id: 'api', name: actor, via: 'api' },
    right: 'admin',
    locale,
    timezone,
    traceId,
    now: clock.now(),
    ...(idempotencyKey === undefined ? {} : { inboundKey: `api:${idempotencyKey}` }),
  };
}

async function replyOf(outcome: Outcome, { ports, story }: ApiDeps): Promise<Reply> {
  const status = outcome.ok ? 200 : REFUSAL_STATUS[outcome.code];
  const message = outcome.answer.brief;
  const incident = outcome.incidentId === undefined ? undefined : await ports.incidents.get(outcome.incidentId);
  if (incident === undefined) throw new ApiRefusal(outcome.ok ? 500 : status, message);
  const diagnoses = await story.currentDiagnoses([incident.id]);
  return { status, message, data: { incident: incidentJson(incident, diagnoses.get(incident.id)) } };
}

export const silenceBody = z.object({
  incident: z.string().max(40).optional(),
  matchers: matchersInput.optional(),
  duration: z.string().max(20).default('2h').describe('90s, 10m, 2h, 30d; at most 30 days'),
  reason: z.string().max(500).optional(),
  actor: z.string().trim().min(1).max(100).optional(),
});
