/** What is under way now. */
export interface UnderWay<T extends object> {
  /** Its place, by which it leaves. */
  readonly enter: (one: T) => number;
  readonly leave: (place: number) => void;
  readonly all: () => readonly T[];
}

/**
 * Not a Set: one that many enter and leave is copied again and again, each copy holds the next, and the first that
 * reaches the old generation keeps every later one, with all that was in it, until a full collection. Requests that
 * had been answered long ago filled the memory that way, and made each small collection ten times as long.
 */
export function createUnderWay<T extends object>(): UnderWay<T> {
  const places: (T | undefined)[] = [];
  const free: number[] = [];
  return {
    enter: (one) => {
      const place = free.pop() ?? places.length;
      places[place] = one;
      return place;
    },
    leave: (place) => {
      if (places[place] === undefined) return;
      places[place] = undefined;
      free.push(place);
    },
    all: () => places.filter((one) => one !== undefined),
  };
}
