import { z } from 'zod';
import { ModelFailed, type ModelReply, type ToolCall } from './model.ts';
import { incomplete } from './incomplete.ts';
import { isTooDeep, MOST_CALLS } from './immoderate.ts';
import { createSpoken } from './spoken.ts';
import { withoutThinking } from './thinking.ts';

/** Puts an answer together from its chunks; thinking (`reasoning`, `reasoning_content`, `<think>`) is left out. */
export function createAnswer(onText?: (text: string) => void) {
  const spoken = createSpoken(onText);
  const heard: Heard = { chunks: 0, calls: [], refused: false, usage: {} };
  return {
    /** How many chunks came that are ones of this protocol. */
    chunks: () => heard.chunks,
    /** What was said so far, thinking in it included. */
    text: spoken.text,
    add(value: unknown): void {
      const chunk = CHUNK.safeParse(value).data;
      if (chunk === undefined) throw new ModelFailed('a chunk of the answer is none of this protocol', 'bad_response');
      hear(heard, chunk);
      spoken.add(chunk.choices?.[0]?.delta?.content ?? '');
    },
    /** The whole of it, when the stream has ended. Throws `ModelFailed` unless it is complete. */
    finish(asked: string): ModelReply {
      const { finish, refused, calls, usage, model = asked } = heard;
      if (finish === undefined) throw incomplete('without saying that it is complete');
      checkFinish(finish.toLowerCase(), refused);
      const text = withoutThinking(spoken.text());
      if (text.trim() === '' && calls.length === 0) throw new ModelFailed('the answer is empty', 'bad_response');
      return { text, toolCalls: calls.map(callOf), usage, model, warnings: [] };
    },
  };
}

/** What the chunks said beside the text. */
interface Heard {
  chunks: number;
  readonly calls: CallParts[];
  refused: boolean;
  usage: ModelReply['usage'];
  finish?: string;
  model?: string;
}

function hear(heard: Heard, { model, usage, choices }: z.infer<typeof CHUNK>): void {
  const choice = choices?.[0];
  heard.chunks += 1;
  if (model) heard.model ??= model;
  if (usage) heard.usage = usageOf(usage);
  if (choice?.finish_reason) heard.finish = choice.finish_reason;
  if (choice?.delta?.refusal) heard.refused = true;
  for (const part of choice?.delta?.tool_calls ?? []) addCall(heard.calls, part);
}

const DELTA_CALL = z.object({
  index: z.int().min(0).nullish(),
  id: z.string().nullish(),
  function: z.object({ name: z.string().nullish(), arguments: z.string().nullish() }).nullish(),
});
const USAGE = z.object({ prompt_tokens: z.number().nullish(), completion_tokens: z.number().nullish() });
const CHUNK = z.object({
  model: z.string().nullish(),
  usage: USAGE.nullish(),
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullish(),
        delta: z
          .object({
            content: z.string().nullish(),
            refusal: z.string().nullish(),
            tool_calls: z.array(DELTA_CALL).nullish(),
          })
          .nullish(),
      }),
    )
    .nullish(),
});

interface CallParts {
  readonly index: number | undefined;
  readonly id: string;
  name: string;
  input: string;
}

/** Some endpoints leave out the index, some repeat the id in every part. */
function addCall(calls: CallParts[], { index, id, function: part }: z.infer<typeof DELTA_CALL>): void {
  const known =
    typeof index === 'number'
      ? calls.find((call) => call.index === index)
      : calls.findLast((call) => !id || call.id === id);
  const call = known ?? { index: index ?? undefined, id: id || `call_${calls.length}`, name: '', input: '' };
  if (known === undefined) calls.push(call);
  // Each part looks for its call among all of them.
  if (calls.length > MOST_CALLS) throw new ModelFailed('the answer calls far too many tools', 'bad_response');
  call.name ||= part?.name ?? '';
  call.input += part?.arguments ?? '';
}

function callOf({ id, name, input }: CallParts): ToolCall {
  try {
    const parsed: unknown = input.trim() === '' ? {} : JSON.parse(input);
    return { id, name, input: isTooDeep(parsed) ? input : parsed };
  } catch {
    return { id, name, input };
  }
}

function usageOf({ prompt_tokens: tokensIn, completion_tokens: tokensOut }: z.infer<typeof USAGE>) {
  return { ...(tokensIn ? { tokensIn } : {}), ...(tokensOut ? { tokensOut } : {}) };
}

function checkFinish(reason: string, refused: boolean): void {
  if (TRUNCATED.has(reason)) throw new ModelFailed('the answer was cut at the output limit', 'truncated');
  if (reason === 'content_filter' || refused) throw new ModelFailed('the endpoint refused to answer', 'refused');
  if (!COMPLETE.has(reason)) throw incomplete('for a reason that is not its being complete');
}

const TRUNCATED = new Set(['length', 'max_tokens']);
const COMPLETE = new Set(['stop', 'eos', 'eos_token', 'end_turn', 'stop_sequence', 'tool_calls', 'function_call']);
