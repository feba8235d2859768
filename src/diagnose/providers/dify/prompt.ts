import { ModelFailed, type ModelMessage, type ModelRequest } from '../model.ts';
import type { App, AppKind } from './app.ts';
import { type Filled, fillForm, type Offer } from './form.ts';

/** Whether a kind of app has a place of its own for what is asked, beside its inputs. */
export const hasQuery = (kind: AppKind): boolean => kind !== 'workflow' && kind !== 'completion';

/** The inputs of one call. Throws `ModelFailed` `misconfigured` when the app cannot be told what is asked. */
export function fillFor(app: App, request: ModelRequest, prompt: string): Filled {
  const { form, kind } = app;
  if (form === undefined) return { inputs: hasQuery(kind) ? {} : { query: prompt }, warnings: [], clipped: [] };
  const filled = fillForm(form, offerOf(request, prompt));
  if (hasQuery(kind)) return { ...filled, clipped: [] };
  const mute = muteness(Object.keys(filled.inputs));
  if (mute?.blocking === true) throw new ModelFailed(mute.words, 'misconfigured');
  return mute === undefined ? filled : { ...filled, warnings: [...filled.warnings, mute.words] };
}

/** What is wrong with an app of inputs only that lacks ours. */
export function muteness(names: readonly string[]): { readonly words: string; readonly blocking: boolean } | undefined {
  if (names.includes('query')) return undefined;
  const blocking = !names.includes('evidence');
  const lost = blocking ? 'the prompt cannot reach it' : 'only the evidence reaches it';
  return { words: `the Dify app has no input query, so ${lost}: add a paragraph of that name, and publish`, blocking };
}

/** The whole prompt as one text, since a Dify app has one place for it. */
export function promptOf({ system, messages }: ModelRequest, goesOn: boolean): string {
  // The app's memory has the rest of the conversation; the instructions may have left its window.
  const lastAnswer = messages.findLastIndex(({ role }) => role === 'assistant');
  const told = goesOn ? messages.slice(lastAnswer + 1) : messages;
  const only = told.length === 1 ? told[0] : undefined;
  const rest = only?.role === 'user' ? [only.text] : told.map(spoken);
  return wellFormed([system, ...rest].filter((part) => part !== '').join('\n\n'));
}

const spoken = (message: ModelMessage): string =>
  message.role === 'tool' ? `[tool ${message.name}]\n${message.text}` : `[${message.role}]\n${message.text}`;

/** All of them; `language` and `schema` are not known in every call. */
export const NAMES = ['query', 'system', 'evidence', 'incident', 'language', 'schema'] as const;

/** Under which names an app may ask for what. */
function offerOf(request: ModelRequest, prompt: string): Offer {
  const { schema, messages, locale } = request;
  const evidence = messages.filter(({ role }) => role === 'user').map(({ text }) => text);
  return {
    query: { text: prompt },
    system: { text: wellFormed(request.system) },
    evidence: { text: wellFormed(evidence.join('\n\n')) },
    incident: { text: request.subject },
    ...(locale === undefined ? {} : { language: { text: locale } }),
    ...(schema === undefined ? {} : { schema: { text: JSON.stringify(schema), object: schema } }),
  };
}

/** Half of a character makes the service fail: its database refuses it. */
const wellFormed = (text: string): string => text.toWellFormed().replaceAll('\0', '');
