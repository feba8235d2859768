import type { Price } from '../../cards/usage.ts';
import { type Log, traceId } from '../../telemetry/log.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import type { Clock } from '../../types.ts';
import { estimateTokens } from '../providers/estimate.ts';
import { type Model, ModelFailed, type ModelFault, type ModelReply, type ModelRequest } from '../providers/model.ts';
import type { Calls, IdsOf, ModelCall } from './ports.ts';

export interface MeteredDeps {
  readonly calls: Pick<Calls, 'record'>;
  readonly prices: () => Promise<readonly Price[]>;
  /** The person behind an id. */
  readonly idsOf: IdsOf;
  /** Told of each call once it is stored; never rejects. */
  readonly onRecorded: (call: ModelCall) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Pick<Metrics, 'llmTokens' | 'llmCost'>;
  /** What `llm_cost_total` counts; money in another one is only stored. */
  readonly currency: string;
}

/** What a call is for. */
export interface About {
  readonly purpose: ModelCall['purpose'];
  readonly incidentId?: string;
  /** Who asked, by any of their ids. */
  readonly person?: { readonly id: string; readonly name: string };
  readonly promptVersion?: string;
}

export type Metered = (model: Model, about: About) => Model;

/** The provider never began with these, or charges nothing for them; with any other the prompt counts. */
const UNCHARGED: ReadonlySet<string> = new Set<ModelFault>([
  'misconfigured',
  'auth',
  'model_missing',
  'quota',
  'rate_limited',
  'format_unsupported',
  'too_long',
  'unavailable',
]);

const MILLION = 1_000_000;

/** What came of a call. `said`: what had been heard of the answer. */
interface Ended {
  readonly reply?: ModelReply;
  readonly outcome: ModelCall['outcome'];
  readonly said: string;
  /** Whether the call went out at all. */
  readonly sent: boolean;
  readonly latencyMs: number;
}

/**
 * Makes models whose every call is a row, failed and aborted ones too. Tokens that the provider does not count are
 * estimated, so that nothing escapes a quota. What cannot be recorded is logged: the answer goes on in any case.
 */
export function createMetered(deps: MeteredDeps): Metered {
  const models = new Map<string, string>();
  return (model, about) => ({
    ...model,
    complete: async (request) => {
      const startedAt = performance.now();
      const sent = !request.signal.aborted;
      let said = '';
      const onText = (text: string): void => {
        said = text;
        request.onText?.(text);
      };
      const end = (outcome: ModelCall['outcome'], reply?: ModelReply) => {
        if (reply !== undefined) models.set(model.name, plain(reply.model));
        const latencyMs = Math.round(performance.now() - startedAt);
        const ended = { outcome, said, sent, latencyMs, ...(reply === undefined ? {} : { reply }) };
        return keep(deps, model.name, models.get(model.name) ?? '', about, request, ended);
      };
      try {
        const reply = await model.complete({ ...request, onText });
        await end('ok', reply);
        return reply;
      } catch (err) {
        await end(err instanceof ModelFailed ? err.fault : 'unexpected');
        throw err;
      }
    },
  });
}

async function keep(
  deps: MeteredDeps,
  provider: string,
  model: string,
  about: About,
  request: ModelRequest,
  ended: Ended,
): Promise<void> {
  const { tokensIn, tokensOut } = tokensOf(request, ended);
  const { latencyMs, outcome } = ended;
  const known = { provider, model, tokensIn, tokensOut, latencyMs, outcome };
  try {
    deps.metrics.llmTokens.inc({ provider, kind: 'input' }, tokensIn);
    deps.metrics.llmTokens.inc({ provider, kind: 'output' }, tokensOut);
    const cost = believable(ended.reply?.usage.cost) ?? costOf(await deps.prices(), known);
    if (cost?.currency === deps.currency) deps.metrics.llmCost.inc({ provider }, cost.amount);
    const call = { ...known, ...(await detailsOf(deps, about)), ...(cost === undefined ? {} : { cost }) };
    await deps.calls.record(call);
    await deps.onRecorded(call);
  } catch (err) {
    deps.log.error({ action: 'model_call_unrecorded', ...known, err }, 'a call to a model could not be recorded');
  }
}

async function detailsOf({ idsOf, clock }: MeteredDeps, { purpose, incidentId, person, promptVersion }: About) {
  const trace = traceId();
  const known = person && { id: (await idsOf(person.id))[0], name: plain(person.name) };
  return {
    at: clock.now(),
    purpose,
    ...(incidentId === undefined || incidentId === '' ? {} : { incidentId }),
    ...(known === undefined ? {} : { person: known }),
    ...(promptVersion === undefined ? {} : { promptVersion }),
    ...(trace === '' ? {} : { traceId: trace }),
  };
}

/** As the provider counts; each number it does not give, or that can be none, is estimated. */
function tokensOf(request: ModelRequest, { reply, outcome, said, sent }: Ended) {
  if (reply !== undefined) {
    const { tokensIn, tokensOut } = reply.usage;
    return {
      tokensIn: counted(tokensIn) ?? promptTokens(request),
      tokensOut: counted(tokensOut) ?? answerTokens(reply),
    };
  }
  if (!sent || (UNCHARGED.has(outcome) && said === '')) return { tokensIn: 0, tokensOut: 0 };
  return { tokensIn: promptTokens(request), tokensOut: estimateTokens(said) };
}

function promptTokens({ system, messages, tools, schema }: ModelRequest): number {
  const texts = messages.map((message) =>
    message.role === 'assistant' && message.toolCalls !== undefined
      ? message.text + JSON.stringify(message.toolCalls)
      : message.text,
  );
  const forms = [tools, schema].filter((form) => form !== undefined).map((form) => JSON.stringify(form));
  return [system, ...texts, ...forms].reduce((sum, text) => sum + estimateTokens(text), 0);
}

/** An answer may be an object or calls of tools instead of a text. */
const answerTokens = ({ text, json, toolCalls }: ModelReply): number =>
  estimateTokens(text === '' && json !== undefined ? (JSON.stringify(json) ?? '') : text) +
  (toolCalls.length === 0 ? 0 : estimateTokens(JSON.stringify(toolCalls)));

/** An endpoint may say anything; no call has none, and the rows take whole numbers. */
const counted = (count = 0): number | undefined =>
  Number.isFinite(count) && count >= 1 ? Math.min(Math.round(count), 1e12) : undefined;

/** Of one call: sums of more than a row can hold would keep every budget from being read. */
const MOST_MONEY = 1_000_000;

const believable = (cost: ModelCall['cost']): ModelCall['cost'] =>
  cost !== undefined && /^[A-Z]{3}$/.test(cost.currency) && cost.amount >= 0 && cost.amount <= MOST_MONEY
    ? cost
    : undefined;

type Counted = Pick<ModelCall, 'provider' | 'model' | 'tokensIn' | 'tokensOut'>;

/** By the price of the model, else by that of the provider; undefined without one. */
function costOf(prices: readonly Price[], { provider, model, tokensIn, tokensOut }: Counted): ModelCall['cost'] {
  const own = prices.filter((price) => price.provider === provider);
  const price = own.find((one) => one.model === model) ?? own.find((one) => one.model === '');
  if (price === undefined) return undefined;
  const { inputPerMillion, outputPerMillion, currency } = price;
  return { amount: (tokensIn * inputPerMillion + tokensOut * outputPerMillion) / MILLION, currency };
}

/** Names come from strangers: what no column takes, or no terminal should, is left out. */
const plain = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .trim()
    .slice(0, 200);
