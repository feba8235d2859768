/** A stored word as the reader's language has it; one the table does not know stays as it is. */
export const wordOf = (words: Readonly<Record<string, string>>, value = ''): string =>
  Object.hasOwn(words, value) ? (words[value] ?? value) : value;
