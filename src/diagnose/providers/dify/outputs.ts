import { isJsonObject, type JsonObject, parseJson } from '../../json.ts';
import type { JsonSchema } from '../model.ts';
import { withoutThinking } from '../thinking.ts';

/** What a run's outputs say: an object where they hold the answer as one, and a text in any case. */
export interface Said {
  readonly text: string;
  readonly json?: JsonObject;
}

/**
 * The answer among a workflow's outputs, whose names are the app's own choice: the outputs themselves when they have
 * the answer's fields, else the one that is such an object, else the text that holds one, else the text. `streamed`:
 * what came as chunks.
 */
export function readOutputs(outputs: JsonObject, streamed: string, schema: JsonSchema | undefined): Said {
  const object = schema === undefined ? undefined : objectAmong(outputs, schema);
  if (object !== undefined) return { text: JSON.stringify(object), json: object };
  const texts = Object.entries(outputs).filter((entry): entry is [string, string] => isText(entry[1]));
  const holding = schema === undefined ? undefined : texts.find(([, text]) => isWhole(text, schema));
  const named = NAMES.map((name) => texts.find(([key]) => key === name)).find((found) => found !== undefined);
  const text = (holding ?? named ?? (texts.length === 1 ? texts[0] : undefined))?.[1] ?? streamed;
  return { text: text === '' && Object.keys(outputs).length > 0 ? JSON.stringify(outputs) : text };
}

/** Names that a text output usually has, best first. */
const NAMES = ['diagnosis', 'answer', 'text', 'result', 'output'] as const;

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';

function objectAmong(outputs: JsonObject, schema: JsonSchema): JsonObject | undefined {
  return [outputs, ...Object.values(outputs)].find((value): value is JsonObject => isAnswer(value, schema));
}

function isAnswer(value: unknown, schema: JsonSchema): value is JsonObject {
  if (!isJsonObject(value)) return false;
  const { required, properties } = schema;
  const fields = Array.isArray(required) ? required : Object.keys(isJsonObject(properties) ? properties : {});
  return fields.length > 0 && fields.every((field) => typeof field === 'string' && Object.hasOwn(value, field));
}

/** Whether a text is, but for a fence, one JSON object with the answer's fields: nothing that was cut ever is. */
export const isWhole = (text: string, schema: JsonSchema): boolean => isAnswer(parseJson(unfenced(text)), schema);

function unfenced(text: string): string {
  const open = text.indexOf('```');
  const start = open < 0 ? -1 : text.indexOf('\n', open);
  const end = text.lastIndexOf('```');
  return start >= 0 && end > start ? text.slice(start, end) : text;
}

/**
 * A text without the thinking before the answer: as models tag it, and as Dify 0.15 to 1.0 showed it. While the
 * thinking goes on there is no answer.
 */
export function answerIn(text: string): string {
  const start = text.slice(0, 300).trimStart();
  if (start === '' || !(start.startsWith(DETAILS) || DETAILS.startsWith(start))) return withoutThinking(text);
  const named = text.length >= 300 || start.includes('</summary>');
  if (named && !/<summary>\s{0,20}Thinking\.\.\./.test(start)) return text;
  const end = text.indexOf('</details>');
  return end < 0 ? '' : withoutThinking(text.slice(end + '</details>'.length).trimStart());
}

const DETAILS = '<details';
