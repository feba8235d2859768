import { type ModelFault, ordered, piecesOf, shaped } from './model-faults.ts';
import type { Framing, Received } from './model-server.ts';

export interface OllamaAsk {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  /** All messages in one. */
  readonly prompt: string;
  /** As this server counts. */
  readonly promptTokens: number;
  /** The window the model runs with. */
  readonly window: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface OllamaSaid {
  readonly text?: string;
  readonly thinking?: string;
  readonly toolCalls?: readonly { readonly name: string; readonly input: object }[];
}

const DEFAULT_WINDOW = 4_096;

export function askOf({ body = {} }: Received, window: number | undefined): OllamaAsk {
  const messages = Array.isArray(body['messages']) ? (body['messages'] as OllamaAsk['messages']) : [];
  const options = (body['options'] ?? {}) as { num_ctx?: number };
  const prompt = messages.map(({ content }) => content).join('\n');
  return {
    model: String(body['model']),
    messages,
    prompt,
    promptTokens: Math.ceil(prompt.length / 3),
    window: window ?? options.num_ctx ?? DEFAULT_WINDOW,
    body,
  };
}

export const FRAMING: Framing = {
  type: 'application/x-ndjson',
  end: '\n',
  error: (error) => JSON.stringify({ error }),
};

/** The lines of a streamed answer; the last one is done. */
export function linesOf(ask: OllamaAsk, said: OllamaSaid, fault: ModelFault): readonly string[] {
  const text = shaped(said.text ?? '', fault.shape);
  const part = (message: object) => ({
    ...head(ask),
    message: { role: 'assistant', content: '', ...message },
    done: false,
  });
  const lines = [
    ...piecesOf(said.thinking ?? '').map((thinking) => part({ thinking })),
    ...piecesOf(text).map((content) => part({ content })),
    ...(said.toolCalls ?? []).map((call) => part({ tool_calls: [callOf(call)] })),
    { ...head(ask), message: { role: 'assistant', content: '' }, ...endOf(ask, text, fault) },
  ];
  return ordered(lines, fault).map((line) => JSON.stringify(line));
}

/** The same answer in one piece. */
export function wholeOf(ask: OllamaAsk, said: OllamaSaid, fault: ModelFault): object {
  const text = shaped(said.text ?? '', fault.shape);
  const message = {
    role: 'assistant',
    content: text,
    ...(said.thinking === undefined ? {} : { thinking: said.thinking }),
    ...(said.toolCalls === undefined ? {} : { tool_calls: said.toolCalls.map(callOf) }),
  };
  return { ...head(ask), message, ...endOf(ask, text, fault) };
}

const head = ({ model }: OllamaAsk) => ({ model, created_at: '2026-09-01T08:00:00Z' });

const callOf = ({ name, input }: NonNullable<OllamaSaid['toolCalls']>[number]) => ({
  function: { name, arguments: input },
});

function endOf({ promptTokens, window }: OllamaAsk, text: string, { shape, finish }: ModelFault) {
  const reason = finish === undefined ? (shape === 'truncated' ? 'length' : 'stop') : finish;
  return {
    done: true,
    ...(reason === null ? {} : { done_reason: reason }),
    total_duration: 9_000_000,
    load_duration: 1_000_000,
    // What does not fit is cut to half the window.
    prompt_eval_count: promptTokens > window ? Math.floor(window / 2) : promptTokens,
    prompt_eval_duration: 2_000_000,
    eval_count: Math.ceil(text.length / 4),
    eval_duration: 3_000_000,
  };
}
