import { describe, expect, it } from 'vitest';
import { runOf } from '../../../src/diagnose/providers/dify/heard.ts';
import { createOllamaAnswer } from '../../../src/diagnose/providers/ollama-stream.ts';
import { createAnswer } from '../../../src/diagnose/providers/openai-stream.ts';
import { createStopwatch } from '../../support/worked.ts';

const DEPTH = 50_000;
const deepText = '['.repeat(DEPTH) + ']'.repeat(DEPTH);
const calls = (input: unknown) =>
  Array.from({ length: 100_000 }, (_, index) => ({ index, function: { name: 'logs', arguments: input } }));

describe('an endpoint that answers beyond all measure', () => {
  it('fails at once with 100,000 calls of tools, instead of comparing each with all others', () => {
    const worked = createStopwatch();
    const answer = createAnswer();
    expect(() => answer.add({ choices: [{ delta: { tool_calls: calls('{}') } }] })).toThrow(/far too many tools/);
    const line = { message: { tool_calls: calls({}) } };
    expect(() => createOllamaAnswer().add(JSON.stringify(line))).toThrow(/far too many tools/);
    expect(worked()).toBeLessThan(2000);
  });

  it('hands over no input of a tool that nobody could write down again', () => {
    const answer = createAnswer();
    const part = { index: 0, id: 'c1', function: { name: 'logs', arguments: `{"a":${deepText}}` } };
    answer.add({ choices: [{ delta: { tool_calls: [part] }, finish_reason: 'tool_calls' }] });
    const { toolCalls } = answer.finish('sim-1');
    expect(() => JSON.stringify(toolCalls)).not.toThrow();
    const line = `{"message":{"tool_calls":[{"function":{"name":"logs","arguments":{"a":${deepText}}}}]}}`;
    expect(() => createOllamaAnswer().add(line)).toThrow(/far too much/);
  });

  it('has no outputs of a run that nobody could write down again', () => {
    const told = { status: 'succeeded', outputs: { summary: 'x', causes: JSON.parse(deepText) } };
    expect(() => runOf(told)).toThrow(expect.objectContaining({ fault: 'bad_response' }));
  });
});
