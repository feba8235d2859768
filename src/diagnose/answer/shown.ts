import { withoutCommands } from './commands.ts';
import { type CleanOptions, cleanAnswerText } from './text.ts';

/** A model's words as people may see them: inert plain text on one line, without commands that change anything. */
export const shownText = (text: string, options: CleanOptions): string =>
  withoutCommands(cleanAnswerText(text, options)).text;
