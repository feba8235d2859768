import { describe, expect, it } from 'vitest';
import { ANSWER_TEXT, ask, asked, difyWorld } from './dify-world.ts';

const CHATTY = ['chat', 'agent-chat', 'agent', 'completion'] as const;

describe('a stream of Dify', () => {
  it.each(['chat', 'agent', 'advanced-chat', 'workflow'] as const)(
    'is read from a %s app however it is cut: within a character, an event, a line end',
    async (mode) => {
      for (const chunkBytes of [1, 7]) {
        for (const crlf of [{}, { crlf: true } as const]) {
          const { answer } = await asked(mode, { chunkBytes, ...crlf });
          expect((await answer).text).toBe(ANSWER_TEXT);
        }
      }
    },
  );

  it('tells the text as it grows, whole at the end', async () => {
    const texts: string[] = [];
    const { answer } = await asked('chat', {}, { onText: (text) => texts.push(text) });
    await answer;
    expect(texts.length).toBeGreaterThan(2);
    expect(texts.at(-1)).toBe(ANSWER_TEXT);
    expect(texts.every((text) => ANSWER_TEXT.startsWith(text))).toBe(true);
  });

  it('shows no thinking: neither thoughts, nor reasoning, nor what a model tags', async () => {
    const { answer } = await asked('agent-chat', {});
    expect((await answer).text).not.toContain('SECRET');
    const flow = await difyWorld({ mode: 'workflow' });
    flow.dify.answer(() => ({ text: 'said', reasoning: 'SECRET' }));
    expect((await flow.model.complete(ask())).text).toBe('said');
    for (const shape of ['think', 'details'] as const) {
      const texts: string[] = [];
      const chat = await asked('chat', { shape }, { onText: (text) => texts.push(text) });
      expect((await chat.answer).text).toBe(ANSWER_TEXT);
      expect(texts.join()).not.toMatch(/Let me see|Thinking|<[td]/);
    }
  });

  it('may end without its last line end, and come under another type', async () => {
    for (const fault of [{ bareEnd: true }, { headers: { 'content-type': 'text/plain' } }] as const) {
      const { answer } = await asked('chat', fault);
      expect((await answer).text).toBe(ANSWER_TEXT);
    }
  });

  it('may replace its text at the end', async () => {
    const flow = await asked('advanced-chat', { replaced: 'moderated' });
    expect((await flow.answer).text).toBe('moderated');
    for (const mode of ['chat', 'workflow'] as const) {
      const { answer } = await asked(mode, { replaced: 'moderated', drop: ['workflow_finished'] });
      const { text } = await answer;
      // A run's own outputs come before its chunks.
      expect(text).toBe(mode === 'chat' ? 'moderated' : ANSWER_TEXT);
    }
  });

  it.each([
    ['swapped', { swapEnds: true }],
    ['only the message’s', { drop: ['workflow_finished'] }],
    ['only the run’s', { drop: ['message_end'] }],
    ['only the message’s, and stays open', { drop: ['workflow_finished'], linger: true }],
    ['only the run’s, and stays open', { drop: ['message_end'], linger: true }],
    ['both, and stays open', { linger: true, pingEvery: 20 }],
  ] as const)('of a chatflow may have its last events %s', async (_name, fault) => {
    const { answer } = await asked('advanced-chat', fault);
    expect(await answer).toMatchObject({ text: ANSWER_TEXT, warnings: [] });
  });

  it('that stays open after its end is not waited for', async () => {
    for (const mode of [...CHATTY, 'workflow'] as const) {
      const { answer } = await asked(mode, { linger: true, pingEvery: 20 });
      const began = Date.now();
      expect((await answer).text).toBe(ANSWER_TEXT);
      expect(Date.now() - began).toBeLessThan(30_000);
    }
  });
});
