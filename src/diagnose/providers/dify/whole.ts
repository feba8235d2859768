import type { JsonObject } from '../../json.ts';
import { ModelFailed } from '../model.ts';
import { demandText, fieldAt, kindOf, objectAt, textAt } from './fields.ts';
import { type Heard, hearIds, runOf } from './heard.ts';
import { failureOfRun, type Quote } from './refusal.ts';
import { usageOf } from './usage.ts';

/**
 * An answer that came whole although a stream was asked for: Dify's own blocking answer, or the envelope
 * `{success, data: {result: {text}}, error}` of an HTTP service that stands in for it.
 * Throws `ModelFailed`, `bad_response` with the field's name where one is missing or has another type.
 */
export function hearWhole(heard: Heard, body: JsonObject): void {
  hearIds(heard, body);
  if (objectAt(body, 'data') !== undefined && textAt(body, 'data.status') !== undefined) {
    heard.run = runOf(fieldAt(body, 'data'));
  } else if (Object.hasOwn(body, 'answer')) {
    heard.text = demandText(body, 'answer');
    const usage = usageOf(fieldAt(body, 'metadata.usage'));
    if (usage !== undefined) heard.usage = usage;
    heard.messageEnded = true;
  } else {
    heard.text = textInEnvelope(body, heard.quote);
    heard.messageEnded = true;
  }
}

function textInEnvelope(body: JsonObject, quote: Quote): string {
  const { success } = body;
  if (typeof success !== 'boolean') {
    throw new ModelFailed(`success must be a boolean, it is ${kindOf(success)}`, 'bad_response');
  }
  if (success) return demandText(body, 'data.result.text');
  throw failureOfRun(textAt(body, 'error') ?? textAt(body, 'error.message') ?? '', quote);
}
