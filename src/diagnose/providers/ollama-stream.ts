import { z } from 'zod';
import { ModelFailed, type ModelReply, type ToolCall } from './model.ts';
import { withoutThinking } from './thinking.ts';

/** Puts an answer together from the lines of `/api/chat`; `thinking` is left out. */
export function createOllamaAnswer(onText?: (text: string) => void) {
  const toolCalls: ToolCall[] = [];
  let text = '';
  let lines = 0;
  let last: Line | undefined;
  let model: string | undefined;

  return {
    /** What was said so far, thinking in it included. */
    text: () => text,
    /** Returns what the server says went wrong, if it does. Throws `ModelFailed` for what is no line of this protocol. */
    add(raw: string): string | undefined {
      const line = parseLine(raw);
      if (line === undefined)
        throw lines === 0 ? new ModelFailed(FOREIGN, 'bad_response') : incomplete('within a line');
      lines += 1;
      if (line.error !== undefined) return line.error;
      model ??= line.model;
      const { content = '', tool_calls: calls } = line.message ?? {};
      for (const { id, function: called } of calls ?? []) {
        toolCalls.push({ id: id || `call_${toolCalls.length}`, name: called.name, input: called.arguments ?? {} });
      }
      if (line.done === true) last = line;
      if (content === '') return undefined;
      text += content;
      onText?.(withoutThinking(text));
      return undefined;
    },
    /** The whole of it, when the stream has ended. Throws `ModelFailed` unless it is complete. */
    finish(asked: string, maxOutputTokens: number): ModelReply {
      if (last === undefined) throw incomplete('without saying that it is done');
      const { done_reason: reason = 'stop', prompt_eval_count: tokensIn, eval_count: tokensOut } = last;
      // Older servers name no reason.
      if (reason === 'length' || (last.done_reason === undefined && (tokensOut ?? 0) >= maxOutputTokens)) {
        throw new ModelFailed('the answer was cut at the output limit', 'truncated');
      }
      const answer = withoutThinking(text);
      if (reason !== 'stop' || (answer.trim() === '' && toolCalls.length === 0)) {
        throw new ModelFailed('the answer is empty', 'bad_response');
      }
      const usage = { ...(tokensIn ? { tokensIn } : {}), ...(tokensOut ? { tokensOut } : {}) };
      return { text: answer, toolCalls, usage, model: model ?? asked, warnings: [] };
    },
  };
}

const FOREIGN = 'what answers does not speak the protocol of Ollama';

const incomplete = (how: string): ModelFailed =>
  new ModelFailed(`the answer ended ${how}`, 'stream_incomplete', { retry: 'backoff' });

const LINE = z.object({
  error: z.string().optional(),
  model: z.string().optional(),
  done: z.boolean().optional(),
  done_reason: z.string().optional(),
  prompt_eval_count: z.number().optional(),
  eval_count: z.number().optional(),
  message: z
    .object({
      content: z.string().optional(),
      tool_calls: z
        .array(
          z.object({ id: z.string().optional(), function: z.object({ name: z.string(), arguments: z.unknown() }) }),
        )
        .nullish(),
    })
    .optional(),
});
type Line = z.infer<typeof LINE>;

function parseLine(raw: string): Line | undefined {
  const line = LINE.safeParse(jsonOf(raw)).data;
  return line?.message === undefined && line?.error === undefined && line?.done === undefined ? undefined : line;
}

function jsonOf(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    return undefined;
  }
}
