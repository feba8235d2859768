import { isJsonObject, type JsonObject } from '../../json.ts';
import { ModelFailed } from '../model.ts';
import { fieldAt, textAt } from './fields.ts';

/** One input that an app asks for. */
export interface FormField {
  readonly name: string;
  readonly takes: 'text' | 'choice' | 'object' | 'other';
  readonly required: boolean;
  /** In characters, as Dify counts them: code points. */
  readonly maxLength?: number;
  readonly options: readonly unknown[];
  readonly preset?: unknown;
}

/** What we have to say under a name: as a text, and where there is one as an object. */
export type Offer = Readonly<Record<string, { readonly text: string; readonly object?: JsonObject } | undefined>>;

export interface Filled {
  readonly inputs: JsonObject;
  readonly warnings: readonly string[];
  /** Names of inputs that got less than we had. */
  readonly clipped: readonly string[];
}

/** `user_input_form`: a list of objects with one key, the type. Undefined when it is none. */
export function parseForm(form: unknown): readonly FormField[] | undefined {
  if (!Array.isArray(form)) return undefined;
  return form.flatMap((entry: unknown) => (isJsonObject(entry) ? Object.entries(entry).flatMap(fieldOf) : []));
}

function fieldOf([type, told]: readonly [string, unknown]): readonly FormField[] {
  const name = textAt(told, 'variable');
  if (name === undefined) return [];
  const most = Number(fieldAt(told, 'max_length'));
  const options = fieldAt(told, 'options');
  const preset = fieldAt(told, 'default');
  return [
    {
      name,
      takes: TAKES[type] ?? 'other',
      required: fieldAt(told, 'required') === true,
      ...(most > 0 ? { maxLength: most } : {}),
      options: Array.isArray(options) ? options : [],
      ...(preset === undefined || preset === null || preset === '' ? {} : { preset }),
    },
  ];
}

const TAKES: Readonly<Record<string, FormField['takes'] | undefined>> = {
  'text-input': 'text',
  paragraph: 'text',
  select: 'choice',
  json_object: 'object',
};

/**
 * Our part of a form, clipped to what it takes: Dify drops unknown names without a word and refuses whatever is longer.
 * Throws `ModelFailed` `misconfigured` that names a required input we cannot fill.
 */
export function fillForm(form: readonly FormField[], offer: Offer): Filled {
  const inputs: Record<string, unknown> = {};
  const warnings: string[] = [];
  const clipped: string[] = [];
  for (const field of form) {
    const value = valueFor(field, Object.hasOwn(offer, field.name) ? offer[field.name] : undefined);
    if (value !== undefined) {
      const taken = clip(field, value);
      inputs[field.name] = taken;
      if (taken !== value) clipped.push(field.name);
    } else if (field.required && field.preset !== undefined) inputs[field.name] = field.preset;
    else if (field.required) throw new ModelFailed(cannotFill(field), 'misconfigured');
    else if (Object.hasOwn(offer, field.name))
      warnings.push(`the input ${field.name.slice(0, 60)} was left out: it takes no such value`);
  }
  const short = clipped.map((name) => `the input ${name.slice(0, 60)} was clipped: raise its maximum length`);
  return { inputs, warnings: [...warnings, ...short], clipped };
}

export const cannotFill = ({ name }: FormField): string =>
  `the Dify app requires the input ${name.slice(0, 60)}, which nobody here can fill: make it optional or remove it, and publish`;

/** Whether something may stand there, when `names` are those we have something for. */
export const isFillable = ({ name, takes, preset }: FormField, names: readonly string[]): boolean =>
  preset !== undefined || (takes !== 'other' && names.includes(name) && (takes !== 'object' || name === 'schema'));

function valueFor({ takes, options }: FormField, ours: Offer[string]): string | JsonObject | undefined {
  if (ours === undefined || takes === 'other') return undefined;
  if (takes === 'object') return ours.object;
  return takes === 'text' || options.includes(ours.text) ? ours.text : undefined;
}

function clip({ maxLength }: FormField, value: string | JsonObject): string | JsonObject {
  // No text is longer in code points than in the units of its length.
  if (typeof value !== 'string' || maxLength === undefined || value.length <= maxLength) return value;
  return Array.from(value).slice(0, maxLength).join('');
}
