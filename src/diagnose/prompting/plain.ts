/** Untrusted text as the part of a line that it is to be. */
export const oneLine = (text: string, most: number): string =>
  text
    .slice(0, most * 2)
    .replaceAll(/\s{1,200}/g, ' ')
    .trim()
    .slice(0, most)
    .toWellFormed();

/** To the second; a time that is none is said to be unknown. */
export const isoOf = (at: number): string =>
  Math.abs(at) <= 8.64e15 ? new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z') : 'unknown';
