/** Sliding windows: how many calls a key may make in how many milliseconds. */
export interface Throttle {
  /** Counts a call and returns 0, or refuses it and returns the ms until the next is allowed. */
  take(key: string, limit: number, windowMs: number): number;
}

export function createThrottle(now: () => number): Throttle {
  const taken = new Map<string, readonly number[]>();
  return {
    take(key, limit, windowMs) {
      const at = now();
      const recent = (taken.get(key) ?? []).filter((time) => time > at - windowMs);
      const refused = recent.length >= limit;
      taken.set(key, refused ? recent : [...recent, at]);
      return refused ? Math.max(1, (recent[0] ?? at) + windowMs - at) : 0;
    },
  };
}
