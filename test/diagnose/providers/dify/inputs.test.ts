import { describe, expect, it } from 'vitest';
import type { FormField } from '../../../simulators/dify-world.ts';
import { ask, difyWorld, failureOf, SCHEMA } from './dify-world.ts';

const QUERY: FormField = { type: 'paragraph', variable: 'query', required: true };

describe('the inputs of a Dify app', () => {
  it('get what we have under their names, as texts, and objects where they take objects', async () => {
    const form: FormField[] = [
      QUERY,
      { type: 'paragraph', variable: 'evidence', required: true },
      { type: 'paragraph', variable: 'system' },
      { type: 'text-input', variable: 'incident' },
      { type: 'select', variable: 'language', options: ['zh-CN', 'en-US'], required: true },
      { type: 'json_object', variable: 'schema' },
    ];
    const { dify, model } = await difyWorld({ form });
    const { warnings } = await model.complete(ask({ schema: SCHEMA, locale: 'en-US' }));
    expect(warnings).toEqual([]);
    expect(dify.ledger.asks[0]?.inputs).toEqual({
      query: 'You diagnose.\n\nE1 disk full',
      evidence: 'E1 disk full',
      system: 'You diagnose.',
      incident: 'incident-INC-20261121-001',
      language: 'en-US',
      schema: SCHEMA,
    });
  });

  it('get a schema as text where they take texts', async () => {
    const { dify, model } = await difyWorld({ form: [QUERY, { type: 'paragraph', variable: 'schema' }] });
    await model.complete(ask({ schema: SCHEMA }));
    expect(dify.ledger.asks[0]?.inputs['schema']).toBe(JSON.stringify(SCHEMA));
  });

  it('that nobody here knows get nothing, or their own preset', async () => {
    const form: FormField[] = [
      QUERY,
      { type: 'text-input', variable: 'team' },
      { type: 'text-input', variable: 'region', required: true, default: 'eu' },
    ];
    const { dify, model } = await difyWorld({ form });
    await model.complete(ask());
    expect(dify.ledger.asks[0]?.inputs).toMatchObject({ region: 'eu' });
  });

  it.each([
    [{ type: 'text-input', variable: 'team', required: true }],
    [{ type: 'file', variable: 'query', required: true }],
    [{ type: 'json_object', variable: 'query', required: true }],
    [{ type: 'select', variable: 'language', required: true, options: ['English'] }],
  ] as const)('that are required and cannot be filled are named, and no model is asked: %j', async (field) => {
    const { dify, model } = await difyWorld({ mode: 'chat', form: [field] });
    const failure = await failureOf(model.complete(ask({ locale: 'en-US' })));
    expect(failure).toMatchObject({ fault: 'misconfigured', retry: 'never' });
    expect(failure.message).toContain(field.variable);
    expect(dify.ledger.asks).toEqual([]);
  });

  it('without a place for the prompt are named', async () => {
    const { dify, model } = await difyWorld({ form: [{ type: 'paragraph', variable: 'question' }] });
    const failure = await failureOf(model.complete(ask()));
    expect(failure).toMatchObject({ fault: 'misconfigured' });
    expect(failure.message).toContain('no input query');
    dify.app.form = [{ type: 'paragraph', variable: 'evidence' }];
    expect((await model.complete(ask())).warnings.join()).toContain('only the evidence reaches it');
  });

  it('are clipped to what they take, in whole characters, and it is said', async () => {
    const { dify, model } = await difyWorld({ form: [{ ...QUERY, max_length: 20 }] });
    const reply = await model.complete(ask({ system: '', messages: [{ role: 'user', text: '💥'.repeat(30) }] }));
    expect(dify.ledger.asks[0]?.inputs['query']).toBe('💥'.repeat(20));
    expect(reply).toMatchObject({
      promptCut: true,
      warnings: ['the input query was clipped: raise its maximum length'],
    });
    const roomy = await difyWorld({ form: [{ ...QUERY, max_length: 28 }] });
    expect(await roomy.model.complete(ask())).not.toHaveProperty('promptCut');
  });

  it('that were changed since are looked at once more', async () => {
    const { dify, model } = await difyWorld({ form: [QUERY] });
    await model.complete(ask());
    dify.app.form = [{ ...QUERY, max_length: 5 }];
    expect((await model.complete(ask())).promptCut).toBe(true);
    expect(dify.ledger.asks.at(-1)?.inputs['query']).toBe('You d');
    const mended = await difyWorld({ form: [QUERY, { type: 'number', variable: 'age' }] });
    await mended.model.complete(ask());
    mended.dify.app.form = [QUERY, { type: 'number', variable: 'age', required: true }];
    expect(await failureOf(mended.model.complete(ask()))).toMatchObject({ fault: 'misconfigured' });
    mended.dify.app.form = [QUERY];
    expect((await mended.model.complete(ask())).text).toContain('You diagnose');
  });

  it('hold no half characters and no NUL', async () => {
    const { dify, model } = await difyWorld({ form: [QUERY] });
    await model.complete(ask({ system: 'a\0b', messages: [{ role: 'user', text: 'x\uD83D' }] }));
    expect(dify.ledger.requests.at(-1)?.body).toMatchObject({ inputs: { query: 'ab\n\nx\uFFFD' } });
  });
});

describe('the probe of Dify', () => {
  const probe = async (...args: Parameters<typeof difyWorld>) => {
    const { model, dify } = await difyWorld(...args);
    return { found: await model.probe(new AbortController().signal), dify };
  };

  it('says what is there, without asking any model', async () => {
    const { found, dify } = await probe({ mode: 'advanced-chat', form: [] });
    expect(found).toEqual({ ok: true, found: 'On-call diagnosis (advanced-chat)', problems: [] });
    expect(dify.ledger.asks).toEqual([]);
  });

  it('says what would go wrong', async () => {
    const required = await probe({ form: [QUERY, { type: 'number', variable: 'age', required: true }] });
    expect(required.found).toMatchObject({ ok: false });
    expect(required.found.problems.join()).toContain('age');
    const mute = await probe({ form: [] });
    expect(mute.found).toMatchObject({ ok: false });
    expect(mute.found.problems.join()).toContain('no input query');
    const short = await probe({ form: [{ ...QUERY, max_length: 256 }] });
    expect(short.found).toMatchObject({ ok: true });
    expect(short.found.problems.join()).toContain('256');
    const wrongKey = await probe({}, { apiKey: 'app-wrong' });
    expect(wrongKey.found).toMatchObject({ ok: false });
    expect(wrongKey.found.problems.join()).toContain('401');
    const nobody = await probe({}, { baseUrl: 'http://127.0.0.1:9/v1' });
    expect(nobody.found).toMatchObject({ ok: false });
  });

  it('rejects only when it was called off', async () => {
    const { model } = await difyWorld();
    await expect(model.probe(AbortSignal.abort())).rejects.toMatchObject({ fault: 'cancelled' });
  });
});
