import { ModelFailed } from './model.ts';
import { withoutThinking } from './thinking.ts';

/** The text of an answer as it grows; each time, `onText` is told the whole of it without the thinking. */
export function createSpoken(onText?: (text: string) => void) {
  let text = '';
  return {
    /** Thinking included. */
    text: () => text,
    /** Throws `ModelFailed` when it is longer than any answer that was asked for. */
    add(more: string): void {
      if (more === '') return;
      text += more;
      if (text.length > MOST_TEXT)
        throw new ModelFailed(`the answer is longer than ${MOST_TEXT} characters`, 'bad_response');
      onText?.(withoutThinking(text));
    },
  };
}

/** Answers have some thousand characters; a long thinking within the text has some ten thousand. */
const MOST_TEXT = 200_000;
