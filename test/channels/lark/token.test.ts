import { describe, expect, it } from 'vitest';
import { createTokens } from '../../../src/channels/lark/token.ts';
import { PlatformUnavailable } from '../../../src/errors.ts';

const MINUTE = 60_000;

function tokens(...answers: readonly unknown[]) {
  let now = 0;
  let asked = 0;
  const ask = async () => {
    const answer = answers[Math.min(asked++, answers.length - 1)];
    await Promise.resolve();
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const kept = createTokens({ ask, clock: { now: () => now } });
  return { ...kept, asked: () => asked, pass: (ms: number) => (now += ms) };
}

const answer = (token: string, more: object = { expire: 7200 }) => ({ code: 0, tenant_access_token: token, ...more });

describe('the access token', () => {
  it('is asked for once, however many calls wait for it', async () => {
    const { current, asked } = tokens(answer('t-1'));
    expect(await Promise.all([current(), current(), current(), current(), current()])).toEqual(Array(5).fill('t-1'));
    expect(await current()).toBe('t-1');
    expect(asked()).toBe(1);
  });

  it('is renewed three minutes before its end', async () => {
    const { current, pass } = tokens(answer('t-1'), answer('t-2'));
    await current();
    pass(117 * MINUTE - 1);
    expect(await current()).toBe('t-1');
    pass(1);
    expect(await current()).toBe('t-2');
  });

  it.each([
    ['is missing', {}],
    ['is no number', { expire: 'soon' }],
    ['is shorter than the platform promises', { expire: 0 }],
  ])('lives half an hour when `expire` %s, neither for ever nor for one call', async (_, more) => {
    const { current, pass, asked } = tokens(answer('t-1', more), answer('t-2', more));
    await current();
    pass(26 * MINUTE);
    expect(await current()).toBe('t-1');
    pass(MINUTE);
    expect(await current()).toBe('t-2');
    expect(asked()).toBe(2);
  });

  it('never outlives two hours', async () => {
    const { current, pass } = tokens(answer('t-1', { expire: 1e12 }), answer('t-2'));
    await current();
    pass(120 * MINUTE);
    expect(await current()).toBe('t-2');
  });

  it('that is called dead is asked for anew, once for all who found it dead', async () => {
    const { current, evict, asked } = tokens(answer('t-1'), answer('t-2'), answer('t-3'));
    await current();
    evict('t-1');
    expect(await current()).toBe('t-2');
    evict('t-1');
    expect(await current()).toBe('t-2');
    expect(asked()).toBe(2);
  });

  it('that could not be had is asked for again by the next call', async () => {
    const { current } = tokens(new Error('down'), { code: 0 }, answer('t-1'));
    await expect(current()).rejects.toThrow('down');
    await expect(current()).rejects.toThrow(PlatformUnavailable);
    expect(await current()).toBe('t-1');
  });
});
