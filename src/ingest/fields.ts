import type { ZodError } from 'zod';
import { z } from 'zod';

/** A JSON object whose keys came from strangers: read it, never copy it by assignment. */
export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An object or nothing at all; anything else spoils the item. */
export const fields = z.custom<Fields>(isFields, 'must be an object').nullish();

/** A text that may be missing or of a wrong type without spoiling the item. */
export const text = z.string().nullish().catch(undefined);

/** A text or number, as text. */
export const scalar = z
  .union([z.string(), z.number()])
  .nullish()
  .catch(undefined)
  .transform((value) => (value === null || value === undefined ? undefined : String(value)));

/** `labels: must be an object`: the first fault of an item, for whoever wrote the sender. */
export function faultOf(error: ZodError): string {
  const [issue] = error.issues;
  if (issue === undefined) return 'cannot be read';
  return issue.path.length === 0 ? issue.message : `${issue.path.join('.')}: ${issue.message}`;
}

/** The first that says something. */
export const firstText = (...values: readonly (string | null | undefined)[]): string | undefined =>
  values.find((value): value is string => value !== undefined && value !== null && value.trim() !== '');
