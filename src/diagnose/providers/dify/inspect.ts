import type { ModelHealth } from '../model.ts';
import type { App } from './app.ts';
import { cannotFill, isFillable } from './form.ts';
import { hasQuery, muteness, NAMES } from './prompt.ts';

/** What an app is, and what would go wrong with it, as far as it tells without being run. */
export function inspect(app: App): ModelHealth {
  const { kind, guessed, name, form } = app;
  const blocking: string[] = [];
  const problems: string[] = [];
  if (guessed) problems.push(`nobody tells what kind of app this is (GET /info): taken for a ${kind} app`);
  if (form === undefined) problems.push('nobody tells which inputs the app has (GET /parameters)');
  else {
    blocking.push(...form.filter((field) => field.required && !isFillable(field, NAMES)).map(cannotFill));
    const mute = hasQuery(kind) ? undefined : muteness(form.map((field) => field.name));
    if (mute !== undefined) (mute.blocking ? blocking : problems).push(mute.words);
    const short = form.filter(({ name: input, maxLength }) => input === 'query' && (maxLength ?? ENOUGH) < ENOUGH);
    const most = short[0]?.maxLength;
    if (most !== undefined && !hasQuery(kind)) {
      problems.push(
        `the input query takes ${most} characters, longer prompts are clipped: make it a paragraph of ${ENOUGH}`,
      );
    }
  }
  const found = `${name ?? 'an app without a name'} (${kind})`;
  return { ok: blocking.length === 0, found, problems: [...blocking, ...problems] };
}

/** Characters of a usual prompt with its evidence. */
const ENOUGH = 48_000;
