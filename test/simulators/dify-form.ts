import { type FormField, isJson, type Json, Refusal } from './dify-world.ts';

/** What is left of the inputs when the form has looked at them: unknown names are dropped without a word. */
export function inputsOf(form: readonly FormField[], given: unknown): Json {
  if (!isJson(given)) throw new Refusal(400, 'invalid_param', 'inputs is required');
  return Object.fromEntries(form.map((field) => [field.variable, checked(field, given[field.variable])]));
}

function checked(field: FormField, given: unknown): unknown {
  if ((given ?? undefined) === undefined && field.required === true) {
    throw new Refusal(400, 'invalid_param', `${field.variable} is required in input form`);
  }
  const value = given ?? field.default;
  if (value === undefined || value === null) return undefined;
  const fault = faultOf(field, value);
  if (fault !== undefined) throw new Refusal(400, 'invalid_param', `${field.variable} in input form must be ${fault}`);
  return typeof value === 'string' ? value.replaceAll('\0', '') : value;
}

function faultOf({ type, options, max_length: most }: FormField, value: unknown): string | undefined {
  if (type === 'json_object') return isJson(value) ? undefined : 'a dict';
  if (type === 'file') return isJson(value) ? undefined : 'a file';
  if (type === 'number') return Number.isFinite(Number(value)) ? undefined : 'a valid number';
  if (type === 'checkbox') return undefined;
  if (typeof value !== 'string') return 'a string';
  if (type === 'select')
    return options?.includes(value) === true ? undefined : `one of the following: ${options?.join(', ')}`;
  // Characters are counted as Python counts them.
  return most !== undefined && Array.from(value).length > most ? `less than ${most} characters` : undefined;
}

/** As `GET /parameters` tells the form. */
export const formJson = (form: readonly FormField[]): readonly Json[] =>
  form.map(({ type, ...field }) => ({ [type]: { label: field.variable, required: false, ...field } }));
