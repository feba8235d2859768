/**
 * How many tokens a text has at most, roughly: one per Chinese, Japanese or Korean character, one per two of anything
 * else. Safe for Chinese, logs, JSON, prose and stack traces with the o200k and cl100k vocabularies; prose is
 * overstated by about two. Linear in the text's length.
 */
export function estimateTokens(text: string): number {
  const { wide, narrow } = countCharacters(text);
  return Math.ceil(wide + narrow / 2);
}

/** Fewer tokens than this no known vocabulary makes of the text: what a server counts below it was cut. */
export function fewestTokens(text: string): number {
  const { wide, narrow } = countCharacters(text);
  return Math.floor(wide / 2.5 + narrow / 7);
}

function countCharacters(text: string): { readonly wide: number; readonly narrow: number } {
  let wide = 0;
  for (let index = 0; index < text.length; index += 1) if (isWide(text.charCodeAt(index))) wide += 1;
  return { wide, narrow: text.length - wide };
}

/** Radicals to the end of the unified ideographs, Hangul, compatibility ideographs, full-width forms, surrogate pairs. */
const isWide = (unit: number): boolean =>
  (unit >= 0x2e80 && unit <= 0xdfff) || (unit >= 0xf900 && unit <= 0xfaff) || (unit >= 0xfe30 && unit <= 0xffef);
