export interface Wish {
  /** How much it could use. */
  readonly need: number;
  /** Its part of what there is, against the others'; above 0. */
  readonly weight: number;
}

/**
 * Shares something out by weight: nobody gets more than needed, and what one does not need flows on to the others. So
 * small things are whole before large ones are cut. Whole numbers; their sum is at most `budget`.
 */
export function shareOut(wishes: readonly Wish[], budget: number): readonly number[] {
  const grants = wishes.map(() => 0);
  const order = [...wishes.entries()].toSorted(([, a], [, b]) => a.need / a.weight - b.need / b.weight);
  let left = Math.max(0, Math.floor(budget));
  let weights = wishes.reduce((sum, { weight }) => sum + weight, 0);
  for (const [index, { need, weight }] of order) {
    const grant = Math.min(need, left, Math.floor((left * weight) / weights + ROUNDING));
    grants[index] = grant;
    left -= grant;
    weights -= weight;
  }
  return grants;
}

/** A share that is all there is may come out a rounding below what is left. */
const ROUNDING = 1e-6;
