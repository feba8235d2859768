import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ANSWER_TEXT, ask, asked, difyWorld, failureOf, IMPATIENT, SCHEMA } from './dify-world.ts';

/** What is written in this process is read in it some turns later. */
const heard = async (): Promise<void> => {
  for (let turn = 0; turn < 40; turn += 1) await sleep(2);
};

const CHATTY = ['chat', 'agent-chat', 'agent', 'completion'] as const;

describe('a stream of Dify that ends badly', () => {
  it.each(['workflow', 'advanced-chat'] as const)('of a %s app that just ends: the run is looked up', async (mode) => {
    const { answer, dify } = await asked(mode, { cutAfter: 3, runningFor: 2 });
    const reply = await answer;
    expect(reply.text).toBe(ANSWER_TEXT);
    expect(reply.warnings.join()).toContain('looked up');
    expect(dify.ledger.requests.filter(({ path }) => path.startsWith('/v1/workflows/run/'))).toHaveLength(3);
  });

  it('of a run that never ends is given up at the deadline, and the run is stopped', async () => {
    const { answer, dify } = await asked('workflow', { cutAfter: 3, runningFor: 1e9 }, {}, IMPATIENT);
    expect(await failureOf(answer)).toMatchObject({ fault: 'timeout_total' });
    await expect.poll(() => dify.ledger.stops).toHaveLength(1);
  });

  it.each(CHATTY)('of a %s app that just ends is trusted only when its text is whole by itself', async (mode) => {
    const whole = await asked(mode, { drop: ['message_end'] }, { schema: SCHEMA });
    const reply = await whole.answer;
    expect(reply.text).toBe(ANSWER_TEXT);
    expect(reply.warnings.join()).toContain('ended early');
    const fenced = await asked(mode, { drop: ['message_end'], shape: 'fenced' }, { schema: SCHEMA });
    expect((await fenced.answer).text).toContain(ANSWER_TEXT);
    for (const fault of [{ cutAfter: 4 }, { drop: ['message_end'], shape: 'truncated' }] as const) {
      const cut = await asked(mode, fault, { schema: SCHEMA });
      expect(await failureOf(cut.answer)).toMatchObject({ fault: 'stream_incomplete', retry: 'backoff' });
    }
    const prose = await asked(mode, { drop: ['message_end'] });
    expect(await failureOf(prose.answer)).toMatchObject({ fault: 'stream_incomplete' });
  });

  it('that breaks is no answer, and the task is stopped', async () => {
    const { answer, dify } = await asked('chat', { resetAfter: 2 });
    expect(await failureOf(answer)).toMatchObject({ fault: 'stream_incomplete' });
    await expect.poll(() => dify.ledger.stops).toHaveLength(1);
    const run = await asked('workflow', { resetAfter: 2 });
    expect((await run.answer).text).toBe(ANSWER_TEXT);
  });

  it('that goes on for ever is left, and the run stopped', async () => {
    const { dify, model } = await difyWorld({ mode: 'chat', form: [] });
    dify.answer('x'.repeat(250_001));
    dify.next({ linger: true });
    expect(await failureOf(model.complete(ask()))).toMatchObject({ fault: 'bad_response' });
    await expect.poll(() => dify.ledger.stops).toMatchObject([{ effective: true }]);
  });

  it('that says an error fails with it, at once', async () => {
    const errorEvent = { status: 400, code: 'provider_quota_exceeded', message: 'no money' };
    for (const mode of ['chat', 'agent', 'advanced-chat', 'workflow'] as const) {
      const { answer, dify } = await asked(mode, { errorEvent, linger: true, pingEvery: 20 });
      expect(await failureOf(answer)).toMatchObject({ fault: 'quota', retry: 'never' });
      expect(dify.ledger.stops).toEqual([]);
    }
  });

  it('of a failed run fails, though its status is 200', async () => {
    for (const mode of ['workflow', 'advanced-chat'] as const) {
      const { dify, model } = await difyWorld({ mode });
      dify.answer(() => ({ text: 'half', failure: 'Rate limit reached for requests' }));
      expect(await failureOf(model.complete(ask()))).toMatchObject({ fault: 'rate_limited', retry: 'backoff' });
      dify.answer(() => ({ text: 'half', failure: "This model's maximum context length is 8192 tokens" }));
      expect(await failureOf(model.complete(ask()))).toMatchObject({ fault: 'too_long' });
    }
  });

  it('of an answer that was cut at the output limit fails, even if its end looks well', async () => {
    const { dify, model } = await difyWorld();
    dify.answer(() => ({ text: ANSWER_TEXT, finishReason: 'length' }));
    expect(await failureOf(model.complete(ask({ schema: SCHEMA })))).toMatchObject({ fault: 'truncated' });
  });

  it('of an app that waits for a person is left, and the run stopped', async () => {
    for (const mode of ['workflow', 'advanced-chat'] as const) {
      const { answer, dify } = await asked(mode, { pause: true, linger: true });
      expect(await failureOf(answer)).toMatchObject({ fault: 'refused' });
      await expect.poll(() => dify.ledger.stops).toMatchObject([{ effective: true }]);
    }
  });

  it.each(['chat', 'completion', 'workflow'] as const)(
    'of a %s app is stopped there by the same user when nobody wants it any more',
    async (mode) => {
      const controller = new AbortController();
      const { answer, dify } = await asked(mode, { stallAfter: 2, pingEvery: 20 }, { signal: controller.signal });
      await expect.poll(() => dify.ledger.asks).toHaveLength(1);
      await heard();
      controller.abort();
      expect(await failureOf(answer)).toMatchObject({ fault: 'cancelled' });
      await expect.poll(() => dify.ledger.stops).toMatchObject([{ user: ask().subject, effective: true }]);
    },
  );

  it('that falls silent is left after the longest silence; bare pings are no silence', async () => {
    const silent = await asked('chat', { stallAfter: 2 }, {}, { idleMs: 150 });
    expect(await failureOf(silent.answer)).toMatchObject({ fault: 'timeout_idle' });
    await expect.poll(() => silent.dify.ledger.stops).toHaveLength(1);
    const slow = await asked('chat', { pace: 500, pingEvery: 20 }, {}, { idleMs: 400 });
    expect((await slow.answer).text).toBe(ANSWER_TEXT);
    const pings = await asked('chat', { stallAfter: 2, pingEvery: 50 }, {}, { ...IMPATIENT, idleMs: 400 });
    expect(await failureOf(pings.answer)).toMatchObject({ fault: 'timeout_total' });
    const nothing = await asked('chat', { silent: true }, {}, IMPATIENT);
    expect((await failureOf(nothing.answer)).fault).toMatch(/timeout_(total|first_byte)/);
  });
});
