import { z } from 'zod';
import { parseJson } from '../json.ts';
import { ModelFailed, type ModelReply, type ToolCall } from './model.ts';
import { incomplete } from './incomplete.ts';
import { isTooDeep, MOST_CALLS } from './immoderate.ts';
import { createSpoken } from './spoken.ts';
import { withoutThinking } from './thinking.ts';

/** Puts an answer together from the lines of `/api/chat`; `thinking` is left out. */
export function createOllamaAnswer(onText?: (text: string) => void) {
  const spoken = createSpoken(onText);
  const toolCalls: ToolCall[] = [];
  let lines = 0;
  let last: Line | undefined;
  return {
    /** What was said so far, thinking in it included. */
    text: spoken.text,
    /** Returns what the server says went wrong, if it does. Throws `ModelFailed` for what is no line of this protocol. */
    add(raw: string): string | undefined {
      const line = parseLine(raw);
      if (line === undefined) throw lines === 0 ? foreign() : incomplete('within a line');
      lines += 1;
      for (const { id, function: called } of line.message?.tool_calls ?? []) {
        if (toolCalls.length >= MOST_CALLS || isTooDeep(called.arguments)) throw immoderate();
        toolCalls.push({ id: id || `call_${toolCalls.length}`, name: called.name, input: called.arguments ?? {} });
      }
      if (line.done === true) last = line;
      spoken.add(line.message?.content ?? '');
      return line.error;
    },
    /** The whole of it, when the stream has ended. Throws `ModelFailed` unless it is complete. */
    finish(asked: string, maxOutputTokens: number): ModelReply {
      if (last === undefined) throw incomplete('without saying that it is done');
      const text = withoutThinking(spoken.text());
      checkEnd(last, maxOutputTokens, text.trim() === '' && toolCalls.length === 0);
      return { text, toolCalls, usage: usageOf(last), model: last.model ?? asked, warnings: [] };
    },
  };
}

function checkEnd({ done_reason: reason, eval_count: tokensOut = 0 }: Line, most: number, isEmpty: boolean): void {
  // Older servers name no reason.
  if (reason === 'length' || (reason === undefined && tokensOut >= most)) {
    throw new ModelFailed('the answer was cut at the output limit', 'truncated');
  }
  if (isEmpty || (reason ?? 'stop') !== 'stop') throw new ModelFailed('the answer is empty', 'bad_response');
}

const usageOf = ({ prompt_eval_count: tokensIn, eval_count: tokensOut }: Line): ModelReply['usage'] => ({
  ...(tokensIn ? { tokensIn } : {}),
  ...(tokensOut ? { tokensOut } : {}),
});

const foreign = (): ModelFailed =>
  new ModelFailed('what answers does not speak the protocol of Ollama', 'bad_response');

const immoderate = (): ModelFailed =>
  new ModelFailed('the answer calls far too many tools, or with far too much', 'bad_response');

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
  const line = LINE.safeParse(parseJson(raw)).data;
  return line?.message === undefined && line?.error === undefined && line?.done === undefined ? undefined : line;
}
