import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locale } from '../types.ts';

export type PromptName = 'diagnose' | 'ask';

/** What the system part may have filled in: our own words alone. Whatever a stranger may have written is for the user part. */
const TRUSTED_PLACES = ['nonce', 'schema', 'example'] as const;
export type Trusted = Readonly<Partial<Record<(typeof TRUSTED_PLACES)[number], string>>>;

/** A template as it was shipped: a published version never changes, a better one gets the next number. */
export interface Prompt {
  /** As diagnoses store it: `diagnose.v1`. */
  readonly version: string;
  /** Both fill every `{{place}}` and throw when a value is missing: a prompt with a hole would still be answered. */
  system(values: Trusted): string;
  user(values: Readonly<Record<string, string>>): string;
}

const FOLDER = join(import.meta.dirname, '..', '..', 'prompts');
const DIVIDER = '\n---USER---\n';

/**
 * Reads a template from the package's `prompts/` folder: rules, a line `---USER---`, data. Rejects when there is none of
 * that version and language, or when its rules have a place for untrusted text.
 */
export async function loadPrompt(name: PromptName, version: number, locale: Locale, folder = FOLDER): Promise<Prompt> {
  const file = `${name}.v${version}.${locale}.md`;
  const [system = '', user, ...more] = (await readFile(join(folder, file), 'utf8')).split(DIVIDER);
  if (user === undefined || more.length > 0) throw new Error(`${file} must have one line ---USER---`);
  const foreign = [...system.matchAll(PLACE)].find(([, place]) => !TRUSTED_PLACES.some((trusted) => trusted === place));
  if (foreign !== undefined) throw new Error(`${file} must not have ${foreign[0]} among its rules`);
  return {
    version: `${name}.v${version}`,
    system: (values) => fillPlaces(system.trim(), values),
    user: (values) => fillPlaces(user.trim(), values),
  };
}

/** One pass, so that a place named inside a value stays text. */
const fillPlaces = (template: string, values: Readonly<Record<string, string>>): string =>
  template.replaceAll(PLACE, (_place, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) throw new Error(`the prompt needs a value for {{${name}}}`);
    return value;
  });

const PLACE = /\{\{(\w+)\}\}/g;
