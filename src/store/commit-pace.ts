/** A transaction of alerts holds SQLite's one connection, or its rows on PostgreSQL, for about so long at most, ms. */
const HOLD_MS = 8;
/** Fewer say more about what every transaction costs than about one alert, and smaller ones would only sync more often. */
const LEAST = 32;
/** Of the newest transaction's pace; the rest is what was believed before. */
const WEIGHT = 0.3;

/**
 * How many alerts go into one transaction: as many as are expected to be decided and stored in 8 ms by the pace of those
 * before, at most `most`. New incidents cost ten times what repeats do, and a slow machine is not known beforehand.
 */
export function createPace(most: number) {
  let msPerAlert = 0;
  return {
    most: (): number => (msPerAlert === 0 ? most : Math.min(most, Math.max(LEAST, Math.floor(HOLD_MS / msPerAlert)))),
    /** A transaction stored so many alerts in so many ms, its beginning and its commit left out. */
    stored: (alerts: number, ms: number): void => {
      if (alerts < LEAST) return;
      msPerAlert = msPerAlert === 0 ? ms / alerts : msPerAlert * (1 - WEIGHT) + (ms / alerts) * WEIGHT;
    },
  };
}
