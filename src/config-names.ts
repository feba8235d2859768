import { editDistance } from './operations/edit-distance.ts';

/**
 * One line for each environment name that is nearly one of ours: `ALERT_API_KEY is not read; did you mean
 * ALERT_API_KEYS?` Short names are compared strictly, since `POST` is no mistyped `PORT`. Of `known` only `secrets` are
 * read from a file too.
 */
export function nearMisses(
  names: readonly string[],
  known: readonly string[],
  secrets: readonly string[],
): readonly string[] {
  const read = [...known, ...secrets.map((name) => `${name}_FILE`)];
  const ours = new Set(read);
  return names
    .filter((name) => !ours.has(name))
    .flatMap((name) => {
      const plain = name.replace(/_FILE$/, '');
      if (ours.has(plain)) return [`${name} is not read: only secrets come from files; set ${plain} itself`];
      const meant = read.find((candidate) => isNear(name, candidate));
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
