import type { Incident } from '../incident/incident.ts';
import { type Matcher, type Matches, compileMatchers, matchesIncident, readMatchers } from '../incident/matchers.ts';
import type { Handle } from './database.ts';

/** Where incidents are shown: what people bound, else the fallback. */
export interface Routes {
  /** The enabled bindings as they are now, ready to be asked about many incidents. */
  load(handle: Handle): Promise<(incident: Incident) => readonly string[]>;
  /** Target ids for an incident that nothing else shows. */
  fallback(): readonly string[];
}

/** Distinct matcher lists kept compiled; more bindings than that are compiled each time. */
const MAX_COMPILED = 2000;

export function createRoutes({ fallbackTargets }: { readonly fallbackTargets: () => readonly string[] }): Routes {
  const compile = createCompiler();
  return {
    load: async ({ db }) => {
      const rows = await db
        .selectFrom('bindings')
        .select(['matchers', 'target_id'])
        .where('event', '=', 'incident')
        .where('enabled', '=', 1)
        .execute();
      const bindings = rows.map((row) => ({ targetId: row.target_id, matches: compile(row.matchers) }));
      return (incident) =>
        bindings.filter(({ matches }) => matchesIncident(matches, incident)).map(({ targetId }) => targetId);
    },
    fallback: fallbackTargets,
  };
}

/** Compiles each text once. */
function createCompiler(): (text: string) => Matches {
  const compiled = new Map<string, Matches>();
  return (text) => {
    const known = compiled.get(text);
    if (known !== undefined) return known;
    if (compiled.size >= MAX_COMPILED) compiled.clear();
    const matches = compiledMatchers(text);
    compiled.set(text, matches);
    return matches;
  };
}

/** Undefined for a list nobody can read. */
export function matchersOf(text: string): readonly Matcher[] | undefined {
  try {
    return readMatchers(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Matchers as a row has them. A list nobody can read matches nothing. */
export function compiledMatchers(text: string): Matches {
  const matchers = matchersOf(text);
  return matchers === undefined ? () => false : compileMatchers(matchers);
}
