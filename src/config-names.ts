import { editDistance } from './operations/edit-distance.ts';

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
  return editDistance(name.toUpperCase(), candidate) <= 2;
}
