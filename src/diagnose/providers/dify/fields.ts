import { isJsonObject, type JsonObject } from '../../json.ts';
import { ModelFailed } from '../model.ts';

/** What lies at `data.result.text`; undefined where the way there ends. */
export function fieldAt(value: unknown, path: string): unknown {
  let found = value;
  for (const name of path.split('.'))
    found = isJsonObject(found) && Object.hasOwn(found, name) ? found[name] : undefined;
  return found;
}

export function textAt(value: unknown, path: string): string | undefined {
  const found = fieldAt(value, path);
  return typeof found === 'string' ? found : undefined;
}

/** A number that counts something. */
export function countAt(value: unknown, path: string): number | undefined {
  const found = fieldAt(value, path);
  return typeof found === 'number' && Number.isFinite(found) && found >= 0 ? found : undefined;
}

export function objectAt(value: unknown, path: string): JsonObject | undefined {
  const found = fieldAt(value, path);
  return isJsonObject(found) ? found : undefined;
}

/** The text at a path; else throws `bad_response` that names the field and says what stands there instead. */
export function demandText(value: unknown, path: string): string {
  const found = fieldAt(value, path);
  if (typeof found === 'string') return found;
  throw new ModelFailed(`${path} must be a string, it is ${kindOf(found)}`, 'bad_response');
}

export function kindOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
