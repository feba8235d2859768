/**
 * One line for each environment name that is nearly one of ours: `ALERT_API_KEY is not read; did you mean
 * ALERT_API_KEYS?` Short names are compared strictly, since `POST` is no mistyped `PORT`.
 */
export function nearMisses(names: readonly string[], known: readonly string[]): readonly string[] {
  const ours = new Set(known);
  const isOurs = (name: string) => ours.has(name) || (name.endsWith('_FILE') && ours.has(name.slice(0, -5)));
  return names
    .filter((name) => !isOurs(name))
    .flatMap((name) => {
      const meant = known.find((candidate) => isNear(name, candidate));
      return meant === undefined ? [] : [`${name} is not read; did you mean ${meant}?`];
    });
}

function isNear(name: string, candidate: string): boolean {
  const plain = (text: string) =>
    text
      .toUpperCase()
      .replace(/^ZHIBAN_/, '')
      .replace(/[^A-Z0-9]/g, '');
  if (plain(name) === plain(candidate)) return true;
  if (candidate.length < 8) return false;
  return distance(name.toUpperCase(), candidate, 2) <= 2;
}

/** Levenshtein distance, given up beyond `most`. */
export function distance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const cost = a[row - 1] === b[column - 1] ? 0 : 1;
      current.push(
        Math.min((previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, (previous[column - 1] ?? 0) + cost),
      );
    }
    previous = current;
  }
  return previous[b.length] ?? most + 1;
}
