export type PatternReader = ReturnType<typeof createPatternReader>;

/** Goes through a pattern character by character and knows where it is when something is wrong. */
export function createPatternReader(pattern: string) {
  const chars = Array.from(pattern);
  let at = 0;
  const fault = (why: string): Error => new Error(`pattern: ${why} at position ${at + 1}`);
  const step = (count: number): true => {
    at += count;
    return true;
  };
  return {
    fault,
    peek: (ahead = 0): string | undefined => chars[at + ahead],
    /** Throws with these words at the end of the pattern. */
    next: (missing: string): string => {
      const char = chars[at];
      if (char === undefined) throw fault(missing);
      step(1);
      return char;
    },
    /** Steps over these characters, when they come next. */
    skip: (text: string): boolean =>
      Array.from(text).every((char, index) => chars[at + index] === char) && step(Array.from(text).length),
    /** Steps over what an expression for ASCII, anchored at its beginning, finds here. */
    match: (ascii: RegExp): RegExpExecArray | undefined => {
      const found = ascii.exec(chars.slice(at).join('')) ?? undefined;
      step(found?.[0].length ?? 0);
      return found;
    },
  };
}
