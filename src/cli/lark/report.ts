/** What a check found: as it should be, to be mended, worth knowing, or not to be found out. */
export type Mark = 'ok' | 'bad' | 'note' | 'unknown';

const SIGNS: Readonly<Record<Mark, string>> = { ok: 'ok  ', bad: 'BAD ', note: '-   ', unknown: '?   ' };

export interface Report {
  tell(mark: Mark, text: string): void;
  /** How many things need to be mended. */
  bad(): number;
}

/** Names come from strangers: what would move a terminal's cursor or break the line becomes a space. */
const NOT_PRINTED = /[\s\p{Cc}\p{Cf}]+/gu;

/** Prints each finding at once, one line each. */
export function createReport(print: (line: string) => void): Report {
  let bad = 0;
  return {
    tell: (mark, text) => {
      if (mark === 'bad') bad += 1;
      print(SIGNS[mark] + text.replaceAll(NOT_PRINTED, ' '));
    },
    bad: () => bad,
  };
}
