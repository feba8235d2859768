import { describe, expect, it } from 'vitest';
import { ask, difyWorld, failureOf } from './dify-world.ts';

describe('a refusal of Dify', () => {
  it.each([
    [400, 'invalid_param', 'misconfigured', 'never'],
    [400, 'bad_request', 'misconfigured', 'never'],
    [400, 'app_unavailable', 'misconfigured', 'never'],
    [400, 'agent_not_published', 'misconfigured', 'never'],
    [400, 'provider_not_initialize', 'misconfigured', 'never'],
    [400, 'provider_quota_exceeded', 'quota', 'never'],
    [400, 'model_currently_not_support', 'model_missing', 'never'],
    [400, 'completion_request_error', 'unavailable', 'backoff'],
    [400, 'something_new', 'bad_response', 'never'],
    [401, 'unauthorized', 'auth', 'never'],
    [403, 'forbidden', 'auth', 'never'],
    [403, 'workflow_version_execution_not_allowed', 'misconfigured', 'never'],
    [404, 'not_found', 'misconfigured', 'never'],
    [429, 'too_many_requests', 'rate_limited', 'backoff'],
    [429, 'rate_limit_error', 'quota', 'never'],
    [413, 'too_large', 'too_long', 'never'],
    [500, 'internal_server_error', 'unavailable', 'backoff'],
    [503, 'whatever', 'unavailable', 'backoff'],
  ] as const)('%i %s means %s, retry %s', async (status, code, fault, retry) => {
    const { dify, model } = await difyWorld();
    dify.next({ refuse: { status, code, message: 'because' } });
    const failure = await failureOf(model.complete(ask()));
    expect(failure).toMatchObject({ fault, retry });
    expect(failure.message).toContain(`${status} ${code}`);
    expect(failure.message).toContain('because');
  });

  it('in the words of the model’s provider is understood', async () => {
    const { dify, model } = await difyWorld({ mode: 'chat', form: [] });
    const words = {
      "This model's maximum context length is 8192 tokens": 'too_long',
      'Error code: 429 - rate limit': 'rate_limited',
      'You exceeded your current quota': 'quota',
      'Request timed out.': 'unavailable',
    };
    for (const [message, fault] of Object.entries(words)) {
      dify.next({ refuse: { status: 400, code: 'completion_request_error', message } });
      expect(await failureOf(model.complete(ask()))).toMatchObject({ fault });
    }
  });

  it('quotes no key and stays one short line', async () => {
    const { dify, model } = await difyWorld();
    const message = `Incorrect API key: sk-proj-abcdefgh12345678\n${'very '.repeat(500)}`;
    dify.next({ refuse: { status: 400, code: 'completion_request_error', message } });
    const said = (await failureOf(model.complete(ask()))).message;
    expect(said).not.toContain('abcdefgh');
    expect(said).not.toContain(dify.app.key);
    expect(said).not.toContain('\n');
    expect(said.length).toBeLessThan(400);
  });

  it('quotes nothing of the prompt, in whatever way it comes back', async () => {
    const { dify, model } = await difyWorld();
    const messages = [{ role: 'user', text: 'E1 the payroll of the board is late' }] as const;
    const message = 'bad input_value: E1 the payroll of the board is late';
    dify.next(
      { refuse: { status: 400, code: 'invalid_param', message } },
      { errorEvent: { status: 400, code: 'invalid_param', message } },
      { envelope: { success: false, error: message } },
    );
    for (let round = 0; round < 3; round += 1) {
      const said = (await failureOf(model.complete(ask({ messages })))).message;
      expect(said).toContain('bad input');
      expect(said).not.toContain('payroll');
    }
  });

  it('with the time to wait is obeyed, within reason', async () => {
    const { dify, model } = await difyWorld();
    dify.always({ headers: { 'retry-after': '7' } });
    dify.next({ refuse: { status: 429, code: 'too_many_requests' } });
    expect(await failureOf(model.complete(ask()))).toMatchObject({ retry: { afterMs: 7000 } });
    dify.always({ headers: { 'retry-after': '99999999' } });
    dify.next({ refuse: { status: 503, code: 'x' } });
    expect(await failureOf(model.complete(ask()))).toMatchObject({ retry: { afterMs: 3_600_000 } });
    dify.next({ refuse: { status: 401, code: 'unauthorized' } });
    expect(await failureOf(model.complete(ask()))).toMatchObject({ fault: 'auth', retry: 'never' });
  });

  it.each([502, 503, 504, 524])('as a proxy’s page with status %i is an outage', async (html) => {
    const { dify, model } = await difyWorld();
    dify.next({ html });
    expect(await failureOf(model.complete(ask()))).toMatchObject({ fault: 'unavailable', retry: 'backoff' });
  });

  it('as a page with status 200 is no answer', async () => {
    const { dify, model } = await difyWorld();
    dify.next({ html: 200 });
    const failure = await failureOf(model.complete(ask()));
    expect(failure).toMatchObject({ fault: 'bad_response' });
    expect(failure.message).toContain('HTML');
  });

  it('as a redirect is never followed', async () => {
    const other = await difyWorld();
    const { dify, model } = await difyWorld();
    dify.next({ redirect: `${other.dify.url}/workflows/run` });
    expect(await failureOf(model.complete(ask()))).toMatchObject({ fault: 'misconfigured' });
    expect(other.dify.ledger.requests).toEqual([]);
  });

  it('of a wrong key names the key that is needed', async () => {
    const { dify, model } = await difyWorld();
    dify.app.key = 'app-other';
    const failure = await failureOf(model.complete(ask()));
    expect(failure).toMatchObject({ fault: 'auth' });
    expect(failure.message).toContain('app-…');
  });

  it('in a run’s error within a stream that names no code is understood by its words', async () => {
    const { dify, model } = await difyWorld({ mode: 'chat', form: [] });
    dify.next({ errorEvent: { status: 429, code: 'too_many_requests', message: 'busy' } });
    expect(await failureOf(model.complete(ask()))).toMatchObject({ fault: 'rate_limited', retry: 'backoff' });
    dify.next({ errorEvent: { status: 500, code: 'internal_server_error', message: 'oops' } });
    expect(await failureOf(model.complete(ask()))).toMatchObject({ fault: 'unavailable' });
  });
});

describe('an HTTP middleman in Dify’s place', () => {
  const middleman = async () => {
    const world = await difyWorld();
    world.dify.without('/v1/info', '/v1/parameters');
    return world;
  };

  it('is asked with inputs.query, user and response_mode, and answers in its envelope', async () => {
    const { dify, model } = await middleman();
    dify.answer('the disk');
    dify.next({ envelope: true });
    expect((await model.complete(ask())).text).toBe('the disk');
    expect(dify.ledger.requests.at(-1)?.body).toEqual({
      inputs: { query: 'You diagnose.\n\nE1 disk full' },
      user: ask().subject,
      response_mode: 'streaming',
    });
  });

  it('fails with the error it names', async () => {
    const { dify, model } = await middleman();
    for (const error of ['backend down', { message: 'backend down' }]) {
      dify.next({ envelope: { success: false, data: null, error } });
      const failure = await failureOf(model.complete(ask()));
      expect(failure).toMatchObject({ fault: 'unavailable', retry: 'backoff' });
      expect(failure.message).toContain('backend down');
    }
  });

  it.each([
    [{ success: true, data: { result: {} } }, 'data.result.text must be a string, it is missing'],
    [{ success: true, data: { result: { text: 7 } } }, 'data.result.text must be a string, it is a number'],
    [{ success: true, data: { result: { text: null } } }, 'data.result.text must be a string, it is null'],
    [{ success: true, data: { result: { text: ['a'] } } }, 'data.result.text must be a string, it is an array'],
    [{ success: true }, 'data.result.text must be a string, it is missing'],
    [{ success: 'yes', data: { result: { text: 'x' } } }, 'success must be a boolean, it is a string'],
    [{ data: { result: { text: 'x' } } }, 'success must be a boolean, it is missing'],
    [{ answer: {} }, 'answer must be a string, it is an object'],
    [{}, 'success must be a boolean, it is missing'],
  ])('that answers %j is told which field is wrong', async (envelope, message) => {
    const { dify, model } = await middleman();
    dify.next({ envelope });
    expect(await failureOf(model.complete(ask()))).toMatchObject({ fault: 'bad_response', message });
  });

  it('may answer nothing, or nothing that is an object: no answer', async () => {
    const { dify, model } = await middleman();
    for (const envelope of [[], 'text', null, { success: true, data: { result: { text: ' ' } } }]) {
      dify.next({ envelope });
      expect(await failureOf(model.complete(ask()))).toMatchObject({ fault: 'bad_response' });
    }
  });

  it('may be a Dify that ignores the wish for a stream', async () => {
    for (const mode of ['chat', 'completion', 'workflow', 'advanced-chat'] as const) {
      const { dify, model } = await difyWorld({ mode });
      dify.answer('whole');
      dify.next({ blocking: true });
      const reply = await model.complete(ask());
      expect(reply.text).toBe('whole');
      expect(reply.usage.tokensIn).toBeGreaterThan(0);
    }
    const { dify, model } = await difyWorld();
    dify.answer(() => ({ text: '', failure: 'boom' }));
    dify.next({ blocking: true });
    expect((await failureOf(model.complete(ask()))).message).toContain('boom');
  });
});
