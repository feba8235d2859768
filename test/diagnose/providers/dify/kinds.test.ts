import { describe, expect, it } from 'vitest';
import { addUsage, usageOf } from '../../../../src/diagnose/providers/dify/usage.ts';
import { DIFY_KINDS } from '../../../simulators/dify-world.ts';
import { ANSWER, ANSWER_TEXT, ask, difyWorld, failureOf, SCHEMA } from './dify-world.ts';

const CHATS = ['chat', 'agent-chat', 'advanced-chat', 'agent'] as const;
const PATHS: Record<string, string> = { workflow: '/v1/workflows/run', completion: '/v1/completion-messages' };

describe('Dify', () => {
  it.each(DIFY_KINDS)('asks a %s app at its own address, always for a stream, as the subject', async (mode) => {
    const { dify, model } = await difyWorld({ mode });
    dify.answer(ANSWER_TEXT);
    const reply = await model.complete(ask());
    expect(reply).toMatchObject({ text: ANSWER_TEXT, toolCalls: [], warnings: [] });
    const sent = dify.ledger.requests.find(({ method }) => method === 'POST');
    expect(sent?.path).toBe(PATHS[mode] ?? '/v1/chat-messages');
    expect(sent?.body).toMatchObject({ response_mode: 'streaming', user: 'incident-INC-20261121-001' });
    expect(dify.ledger.asks[0]).toMatchObject({ query: 'You diagnose.\n\nE1 disk full' });
  });

  it.each(CHATS)('keeps the conversation of a %s app and pays for no name of it', async (mode) => {
    const { dify, model } = await difyWorld({ mode, form: [] });
    const first = await model.complete(ask());
    expect(dify.ledger.requests.find(({ method }) => method === 'POST')?.body).toMatchObject({
      conversation_id: '',
      auto_generate_name: false,
    });
    const messages = [
      { role: 'user', text: 'E1 disk full' },
      { role: 'assistant', text: 'the disk' },
      { role: 'user', text: 'which?' },
    ] as const;
    const again = await model.complete(ask({ messages, conversation: first.conversation ?? '' }));
    expect(again.conversation).toBe(first.conversation);
    expect(dify.ledger.asks[1]?.query).toBe('You diagnose.\n\nwhich?');
  });

  it('begins a new conversation, with all that was said, when the old one is gone or over', async () => {
    const { dify, model } = await difyWorld({ mode: 'chat', form: [] });
    const messages = [
      { role: 'user', text: 'why?' },
      { role: 'assistant', text: 'because' },
      { role: 'user', text: 'which?' },
    ] as const;
    const gone = await model.complete(ask({ messages, conversation: 'b7a2c5c8-0000-4000-8000-000000000000' }));
    expect(dify.ledger.asks[0]?.query).toBe('You diagnose.\n\n[user]\nwhy?\n\n[assistant]\nbecause\n\n[user]\nwhich?');
    dify.completeConversation(gone.conversation ?? '');
    const over = await model.complete(ask({ conversation: gone.conversation ?? '' }));
    expect(over.conversation).not.toBe(gone.conversation);
    // A second refusal is one.
    dify.always({ refuse: { status: 404, code: 'not_found', message: 'Conversation Not Exists.' } });
    const failure = await failureOf(model.complete(ask({ conversation: 'x' })));
    expect(failure).toMatchObject({ fault: 'misconfigured' });
  });

  it('prefers the outputs of a workflow: an object with the fields, among others, or as text', async () => {
    const { dify, model } = await difyWorld();
    const outputs = [ANSWER, { note: 'n', diagnosis: ANSWER }, { note: 'n', any_name: ANSWER_TEXT }, { text: 'prose' }];
    const replies = [];
    for (const output of outputs) {
      dify.answer(() => ({ text: 'streamed', outputs: output }));
      replies.push(await model.complete(ask({ schema: SCHEMA })));
    }
    expect(replies.map(({ json, text }) => json ?? text)).toEqual([ANSWER, ANSWER, ANSWER_TEXT, 'prose']);
  });

  it('takes several outputs without the fields by name, and else as they are', async () => {
    const { dify, model } = await difyWorld();
    dify.answer(() => ({ text: '', outputs: { note: 'n', text: 'prose' } }));
    expect((await model.complete(ask())).text).toBe('prose');
    dify.answer(() => ({ text: '', outputs: { a: 1, b: 'x', c: 'y' } }));
    expect((await model.complete(ask())).text).toBe('{"a":1,"b":"x","c":"y"}');
  });

  it('finds the kind again when the app was changed behind the key', async () => {
    const { dify, model } = await difyWorld({ mode: 'workflow' });
    await model.complete(ask());
    dify.app.mode = 'chat';
    expect((await model.complete(ask())).text).toContain('You diagnose.');
    dify.app.mode = 'completion';
    expect((await model.complete(ask())).text).toContain('You diagnose.');
  });

  it('remembers kind and form for ten minutes', async () => {
    const { dify, model, pass } = await difyWorld();
    const looks = () => dify.ledger.requests.filter(({ path }) => path === '/v1/info').length;
    await model.complete(ask());
    await model.complete(ask());
    expect(looks()).toBe(1);
    pass(10 * 60_000);
    await model.complete(ask());
    expect(looks()).toBe(2);
  });

  it.each(['workflow', 'chat', 'completion'] as const)('guesses a %s app where nobody tells the kind', async (mode) => {
    const { dify, model } = await difyWorld({ mode });
    dify.without('/v1/info', '/v1/parameters');
    expect((await model.complete(ask())).text).toContain('You diagnose.');
  });

  it('says what is wrong with the address when nothing of Dify is there', async () => {
    const { dify } = await difyWorld();
    const { model } = await difyWorld({}, { baseUrl: dify.url.replace('/v1', '') });
    const failure = await failureOf(model.complete(ask()));
    expect(failure).toMatchObject({ fault: 'misconfigured', retry: 'never' });
    expect(failure.message).toContain('usually ends in /v1');
  });

  it('counts tokens and money as Dify does, and names the model where a run tells it', async () => {
    const { dify, model } = await difyWorld({ mode: 'advanced-chat' });
    dify.answer('four');
    const reply = await model.complete(ask());
    expect(reply.usage).toEqual({ tokensIn: 7, tokensOut: 1, cost: { amount: 0.000009, currency: 'USD' } });
    expect(reply.model).toBe('sim-1');
    dify.app.mode = 'workflow';
    expect((await model.complete(ask())).usage).toMatchObject({ tokensIn: 7, tokensOut: 1 });
    dify.next({ drop: ['node_finished'] });
    const together = await model.complete(ask());
    expect(together).toMatchObject({ usage: { tokensIn: 8 }, model: 'On-call diagnosis' });
    expect(together.warnings.join()).toContain('counted the tokens together');
  });

  it('takes a price of nothing for no price, and adds up what several models of a run cost', () => {
    const local = { prompt_tokens: 5, completion_tokens: 2, total_price: '0', currency: 'USD' };
    expect(usageOf(local)).toEqual({ tokensIn: 5, tokensOut: 2 });
    expect(usageOf({ total_price: 'x', currency: 'USD' })).toBeUndefined();
    const paid = { tokensIn: 1, tokensOut: 1, cost: { amount: 0.5, currency: 'USD' } };
    expect(addUsage(paid, paid)).toEqual({ tokensIn: 2, tokensOut: 2, cost: { amount: 1, currency: 'USD' } });
    const foreign = { cost: { amount: 9, currency: 'RMB' } };
    expect(addUsage(paid, foreign).cost).toEqual(paid.cost);
  });

  it('tells verdicts to apps that take them, as the same user, and nothing to others', async () => {
    const { dify, model } = await difyWorld({ mode: 'chat', form: [] });
    const { messageId = '' } = await model.complete(ask());
    const { subject, signal } = ask();
    await model.feedback?.({ messageId, subject, liked: false, words: 'it was the network' }, signal);
    expect(dify.ledger.feedbacks).toEqual([{ messageId, rating: 'dislike', content: 'it was the network' }]);
    const stranger = await failureOf(
      Promise.resolve(model.feedback?.({ messageId, subject: 'other', liked: true }, signal)),
    );
    expect(stranger).toMatchObject({ fault: 'misconfigured' });
    const agent = await difyWorld({ mode: 'agent', form: [] });
    expect(await agent.model.complete(ask())).not.toHaveProperty('messageId');
    const flow = await difyWorld({ mode: 'workflow' });
    expect(await flow.model.complete(ask())).not.toHaveProperty('messageId');
    await flow.model.feedback?.({ messageId: 'm', subject, liked: true }, signal);
    expect(flow.dify.ledger.requests.filter(({ path }) => path.includes('feedbacks'))).toEqual([]);
  });
});
