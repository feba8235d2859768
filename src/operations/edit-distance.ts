/** How many single-character changes, insertions, removals or swaps of neighbours turn one word into the other. */
export function editDistance(a: string, b: string): number {
  const [from, to] = [Array.from(a), Array.from(b)];
  let before: number[] = [];
  let above = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [i, char] of from.entries()) {
    const row = [i + 1];
    for (const [j, other] of to.entries()) {
      const change = at(above, j) + (char === other ? 0 : 1);
      const swap = i > 0 && j > 0 && char === to[j - 1] && from[i - 1] === other ? at(before, j - 1) + 1 : Infinity;
      row.push(Math.min(change, at(above, j + 1) + 1, at(row, j) + 1, swap));
    }
    [before, above] = [above, row];
  }
  return at(above, to.length);
}

const at = (row: readonly number[], index: number): number => row[index] ?? Infinity;
