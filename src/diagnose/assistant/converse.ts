import type { Locale } from '../../types.ts';
import type { Evidence } from '../diagnosis.ts';
import type { Prompt } from '../prompt.ts';
import { type AssembledAsk, assembleAsk } from '../prompting/ask.ts';
import {
  type Model,
  ModelFailed,
  type ModelFault,
  type ModelMessage,
  type ModelReply,
  type ModelRequest,
} from '../providers/model.ts';
import { estimateTokens } from '../providers/estimate.ts';
import type { DataPolicy, Redactor, RequestRedactor } from '../redact/redactor.ts';
import type { Known } from './context.ts';
import { createLookUp } from './look-up.ts';
import type { Inquiry } from './ports.ts';
import type { Toolbox } from './tools/tools.ts';

export interface ConverseDeps {
  readonly prompts: Readonly<Record<Locale, Prompt>>;
  readonly redactor: Redactor;
  readonly policy: DataPolicy;
  /** Letters and digits nobody can guess. */
  readonly nonce: () => string;
  /** Of one tool, ms; 20 s when absent. */
  readonly toolMs?: number;
}

/** One question to one model. */
export interface Conversing {
  readonly model: Model;
  readonly inquiry: Inquiry;
  readonly known: Known;
  readonly tools: Toolbox;
  readonly signal: AbortSignal;
  /** The words so far, as the model wrote them, and which tools it waits for. */
  readonly onProgress: (text: string, redactor: RequestRedactor, looking: readonly string[]) => void;
}

export interface Conversed {
  readonly reply: ModelReply;
  /** What may be cited. */
  readonly evidence: ReadonlyMap<string, Evidence>;
  readonly redactor: RequestRedactor;
  readonly promptVersion: string;
}

const ROUNDS = 4;
const CALLS_A_ROUND = 4;
const OUTPUT_TOKENS = 1000;
const RESULT_TOKENS = 4000;
/** Below this a result tells nothing. */
const LEAST_RESULT = 200;
/** Of the prompt, where what tools return has to fit in too. */
const SHARE_WITH_TOOLS = 0.5;
const TOOL_MS = 20_000;

/**
 * Asks, lets at most four rounds of tools answer, and has the model write: the last round offers no tools. A model that
 * refuses tools answers from what is known. Throws `ModelFailed`.
 */
export async function converse(deps: ConverseDeps, asked: Conversing): Promise<Conversed> {
  const without = { ...asked, tools: NO_TOOLS };
  if (!asked.model.tools || asked.tools.size === 0) return talk(deps, without);
  try {
    return await talk(deps, asked);
  } catch (err) {
    if (err instanceof ToolsRefused) return talk(deps, without);
    throw err;
  }
}

const NO_TOOLS: Toolbox = new Map();

/** The first call of a question was refused in a way that may be about the tools: endpoints word that in many ways. */
class ToolsRefused extends ModelFailed {}

const MAYBE_TOOLS: ReadonlySet<ModelFault> = new Set(['bad_response', 'format_unsupported', 'misconfigured']);

async function talk(deps: ConverseDeps, asked: Conversing): Promise<Conversed> {
  const { model, tools, signal, known } = asked;
  const redactor = deps.redactor.openRequest();
  const nonce = deps.nonce();
  const prompt = promptOf(deps, asked, redactor, nonce);
  const evidence = new Map(known.context.evidence.map((item) => [item.id, item]));
  const lookUp = createLookUp({ tools, nonce, redactor, signal, known: evidence, timeoutMs: deps.toolMs ?? TOOL_MS });
  const messages: ModelMessage[] = [...prompt.messages];
  for (let round = 0; ; round += 1) {
    const offered = round < ROUNDS && roomIn(model, prompt, messages) > LEAST_RESULT;
    const reply = await say(asked, requestOf(prompt, messages, offered, asked, redactor), round);
    const calls = offered ? reply.toolCalls.slice(0, CALLS_A_ROUND) : [];
    if (calls.length === 0) {
      if (reply.text.trim() === '') throw new ModelFailed(`${model.name} said nothing`, 'bad_response');
      return { reply, evidence, redactor, promptVersion: prompt.version };
    }
    asked.onProgress(
      '',
      redactor,
      calls.map(({ name }) => name).filter((name) => tools.has(name)),
    );
    messages.push({ role: 'assistant', text: reply.text, toolCalls: calls });
    for (const [index, call] of calls.entries()) {
      const room = Math.floor(roomIn(model, prompt, messages) / (calls.length - index));
      const text = await lookUp(call, Math.min(RESULT_TOKENS, room)); // oxlint-disable-line no-await-in-loop -- each has a share of what is left
      messages.push({ role: 'tool', callId: call.id, name: call.name, text });
    }
  }
}

function promptOf(
  { prompts, policy }: ConverseDeps,
  { model, tools, inquiry, known }: Conversing,
  redactor: RequestRedactor,
  nonce: string,
): AssembledAsk {
  const { evidence } = known.context;
  return assembleAsk({
    prompt: prompts[inquiry.locale],
    question: inquiry.text,
    context: known.context,
    history: inquiry.conversation.turns,
    relevance: new Map(evidence.map(({ id, relevance = 0.5 }) => [id, relevance])),
    budgetTokens: Math.floor(model.promptTokens * (tools.size === 0 ? 1 : SHARE_WITH_TOOLS)),
    nonce,
    redactor,
    policy,
  });
}

/** A provider's conversation belongs to the person who began it; another one's would be refused. */
function remoteOf({ conversation, subject }: Inquiry, { name }: Model): string | undefined {
  const { remote } = conversation;
  return remote?.provider === name && remote.subject === subject ? remote.id : undefined;
}

function requestOf(
  prompt: AssembledAsk,
  messages: readonly ModelMessage[],
  offered: boolean,
  { model, tools, inquiry, signal, onProgress }: Conversing,
  redactor: RequestRedactor,
): ModelRequest {
  const conversation = remoteOf(inquiry, model);
  return {
    system: prompt.system,
    messages,
    ...(offered && tools.size > 0 ? { tools: [...tools.values()].map(({ spec }) => spec) } : {}),
    maxOutputTokens: OUTPUT_TOKENS,
    locale: inquiry.locale,
    subject: inquiry.subject,
    ...(conversation === undefined ? {} : { conversation }),
    onText: (text) => onProgress(text, redactor, []),
    signal,
  };
}

async function say({ model }: Conversing, request: ModelRequest, round: number): Promise<ModelReply> {
  try {
    return await model.complete(request);
  } catch (err) {
    const first = round === 0 && request.tools !== undefined;
    if (!first || !(err instanceof ModelFailed) || !MAYBE_TOOLS.has(err.fault)) throw err;
    throw new ToolsRefused(err.message, err.fault, { cause: err });
  }
}

/** What the prompt still has room for, estimated tokens. */
const roomIn = ({ promptTokens }: Model, { system }: AssembledAsk, messages: readonly ModelMessage[]): number =>
  promptTokens - messages.reduce((sum, { text }) => sum + estimateTokens(text), estimateTokens(system)) - MARGIN;
/** Marks of turns, tools' descriptions and what estimates miss. */
const MARGIN = 800;
