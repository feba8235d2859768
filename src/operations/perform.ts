import { operationTexts } from '../cards/texts/operations.ts';
import { codeOf } from '../errors.ts';
import type { Log } from '../telemetry/log.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { refuse } from './answers.ts';
import { type Middleware, compose } from './compose.ts';
import { allows, mayNot } from './forbidden.ts';
import type { Context, Operation, Outcome } from './operation.ts';
import type { OperationPorts } from './ports.ts';

export interface PerformDeps {
  readonly ports: OperationPorts;
  readonly log: Log;
  readonly metrics: Pick<Metrics, 'actions'>;
}

/**
 * Runs an operation for whoever the context proves: the one way in for every face. A refusal is an outcome; throws only
 * what the world did (`StorageUnavailable`, `Overloaded`).
 */
export type Perform = (operation: Operation<unknown>, raw: unknown, context: Context) => Promise<Outcome>;

interface Call {
  readonly operation: Operation<unknown>;
  readonly raw: unknown;
  readonly context: Context;
  outcome?: Outcome;
}

/** Longest record of what somebody asked for. */
const MAX_DETAIL = 2000;

export function createPerform(deps: PerformDeps): Perform {
  const run = compose(audited(deps), authorised(deps), carriedOut(deps));
  return async (operation, raw, context) => {
    const call: Call = { operation, raw, context };
    await run(call);
    return call.outcome ?? refuse('unavailable', operationTexts(context.locale).refused.unavailable);
  };
}

/** Counts and records every action and every refusal; reading leaves no trace when it was allowed. */
const audited =
  ({ ports, log, metrics }: PerformDeps): Middleware<Call> =>
  async (call, next) => {
    const { operation, context } = call;
    const count = (outcome: string) =>
      metrics.actions.inc({ action: operation.name, channel: context.actor.via, outcome });
    try {
      await next();
    } catch (error) {
      count(codeOf(error));
      throw error;
    }
    const outcome = call.outcome?.ok ? 'ok' : (call.outcome?.code ?? 'unavailable');
    count(outcome);
    // Doing again what is done, or asking for what is not set up, is nobody's trespass.
    if (!['ok', 'already', 'unavailable'].includes(outcome)) {
      log.warn(
        { action: 'action_refused', operation: operation.name, actor: context.actor.id, reason: outcome },
        'an action was refused',
      );
    }
    if (call.outcome?.recorded === true || (operation.reads && outcome === 'ok')) return;
    await ports.audit.record(entryOf(call, outcome));
  };

function entryOf({ operation, raw, context, outcome }: Call, code: string) {
  return {
    at: context.now,
    actor: context.actor,
    operation: operation.name,
    ...(outcome?.incidentId === undefined ? {} : { subject: outcome.incidentId }),
    outcome: code,
    detail: operation.secret ? '{}' : (JSON.stringify(raw) ?? '{}').slice(0, MAX_DETAIL),
    traceId: context.traceId,
  };
}

const authorised =
  ({ ports }: PerformDeps): Middleware<Call> =>
  async (call, next) => {
    const { operation, context } = call;
    if (operation.right === 'guest' || allows(context.right, operation.right)) return next();
    call.outcome = await mayNot(operation.right, context, ports);
  };

/** Reads the untrusted input through the operation's schema, then runs it. */
const carriedOut =
  ({ ports }: PerformDeps): Middleware<Call> =>
  async (call) => {
    const { operation, raw, context } = call;
    const read = operation.input.safeParse(raw);
    call.outcome = read.success
      ? await operation.run(read.data, context, ports)
      : refuse('invalid', invalidWords(operation, read.error.issues, context));
  };

function invalidWords(
  { chat }: Operation<unknown>,
  issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[],
  { locale, chat: inChat }: Context,
): string {
  const faults = issues.map(({ path, message }) => `${path.map(String).join('.') || 'body'}: ${message}`).join('; ');
  if (chat === undefined || inChat === undefined) return faults;
  return operationTexts(locale).refused.usage(chat.usage[locale], chat.example);
}
