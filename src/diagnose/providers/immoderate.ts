/** Deeper than any honest answer. */
const DEEPEST = 64;

/** Whether what came as JSON is nested so deeply that those who write it down again, and recurse, would fail. */
export function isTooDeep(value: unknown, most = DEEPEST): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return most === 0 || Object.values(value).some((inner) => isTooDeep(inner, most - 1));
}

/** Calls of tools in one answer; ours are asked for by the handful. */
export const MOST_CALLS = 100;
