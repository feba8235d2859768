import { isJsonObject, type JsonObject } from '../json.ts';

/** The fields of a JSON object; none when it is something else. */
export const fieldsOf = (value: unknown): JsonObject => (isJsonObject(value) ? value : {});

/** The items of a JSON array; none when it is something else. */
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** A JSON string; empty when it is something else. */
export const stringOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** What lies at a path of fields. */
export const within = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((inside, name) => fieldsOf(inside)[name], value);
