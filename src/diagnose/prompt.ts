import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locale } from '../types.ts';

export type PromptName = 'diagnose' | 'ask';

/** A template as it was shipped: a published version never changes, a better one gets the next number. */
export interface Prompt {
  /** As diagnoses store it: `diagnose.v1`. */
  readonly version: string;
  /** Fills every `{{place}}`. Throws when a value is missing, for a prompt with a hole would still be answered. */
  render(values: Readonly<Record<string, string>>): string;
}

const FOLDER = join(import.meta.dirname, '..', '..', 'prompts');

/** Reads a template from the package's `prompts/` folder; rejects when there is none of that version and language. */
export async function loadPrompt(name: PromptName, version: number, locale: Locale, folder = FOLDER): Promise<Prompt> {
  const template = await readFile(join(folder, `${name}.v${version}.${locale}.md`), 'utf8');
  return { version: `${name}.v${version}`, render: (values) => fillPlaces(template, values) };
}

/** One pass, so that a place named inside a value stays text. */
const fillPlaces = (template: string, values: Readonly<Record<string, string>>): string =>
  template.replaceAll(/\{\{(\w+)\}\}/g, (_place, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) throw new Error(`the prompt needs a value for {{${name}}}`);
    return value;
  });
