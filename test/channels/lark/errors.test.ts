import { describe, expect, it } from 'vitest';
import { type Verb, appErrorOf, isDeadToken, platformCodeOf } from '../../../src/channels/lark/errors.ts';
import { createMask } from '../../../src/channels/lark/redact.ts';
import { LarkRefusal, bodyOf, unanswered } from '../../../src/channels/lark/wire.ts';
import { PlatformUnavailable, RateLimited, retryOf } from '../../../src/errors.ts';

const mask = createMask([]);
const refused = (status: number, data: unknown, headers = {}): unknown => {
  try {
    return bodyOf({ status, data, headers }, mask);
  } catch (error) {
    return error;
  }
};
const errorOf = (code: number, msg = 'no', verb: Verb = 'post', headers = {}) => {
  const refusal = refused(400, { code, msg }, headers);
  if (!(refusal instanceof LarkRefusal)) throw new Error('the answer was taken for a success');
  return appErrorOf(refusal, { verb, random: () => 0 });
};

describe('the platform’s answer', () => {
  it('is a success only with 2xx and code 0', () => {
    expect(refused(200, { code: 0, data: { a: 1 } })).toEqual({ code: 0, data: { a: 1 } });
    expect(refused(200, { code: 230002, msg: 'x' })).toBeInstanceOf(LarkRefusal);
    expect(refused(400, { code: 230002, msg: 'x' })).toBeInstanceOf(LarkRefusal);
  });

  it.each([
    [500, 'Internal', true],
    [502, { code: 0 }, true],
    [200, '<html>', true],
    [200, {}, true],
    [200, null, true],
    [403, '<html>', false],
    [302, '', true],
  ])('of HTTP %s and %j without a code leaves the outcome unknown: %s', (status, data, unknown) => {
    expect(refused(status, data)).toMatchObject({ code: 'platform_unavailable', outcomeUnknown: unknown });
  });

  it('of HTTP 429 with any body means to wait', () => {
    const refusal = refused(429, 'slow down', { 'x-ogw-ratelimit-reset': '7' });
    expect(refusal).toMatchObject({ resetMs: 7000, platformCode: 0 });
    expect(appErrorOf(refusal as LarkRefusal, { verb: 'post', random: () => 0 })).toMatchObject({
      code: 'rate_limited',
      concerns: 'app',
      retry: { afterMs: 7000 },
    });
  });

  it('carries the log id that support asks for, and nothing odd in its place', () => {
    expect(refused(400, { code: 1, msg: 'm' }, { 'x-tt-logid': '20261122AB' })).toMatchObject({
      message: 'lark answered 1: m (log id 20261122AB)',
    });
    expect(refused(400, { code: 1, msg: 'm' }, { 'x-tt-logid': 'a b\n' })).toMatchObject({
      message: 'lark answered 1: m',
    });
  });
});

describe('a refusal', () => {
  it.each([
    [230002, 'target_gone'],
    [10002, 'target_gone'],
    [230013, 'target_gone'],
    [230034, 'target_gone'],
    [230018, 'target_gone'],
    [230035, 'target_gone'],
    [232009, 'target_gone'],
    [230029, 'target_gone'],
    [230053, 'target_gone'],
    [230011, 'message_gone'],
    [231003, 'message_gone'],
    [230110, 'message_gone'],
    [230031, 'message_gone'],
    [230012, 'message_gone'],
    [230025, 'content_refused'],
    [230022, 'content_refused'],
    [230028, 'content_refused'],
    [230001, 'content_refused'],
    [230099, 'content_refused'],
    [99991672, 'platform_unavailable'],
    [230027, 'platform_unavailable'],
    [10014, 'platform_unavailable'],
    [99991663, 'platform_unavailable'],
    [4242, 'platform_unavailable'],
  ])('%s is %s', (code, ours) => {
    const error = errorOf(code);
    expect(error.code).toBe(ours);
    expect(platformCodeOf(error)).toBe(code);
  });

  it.each([
    [99991400, 'app', 2000],
    [1000004, 'app', 2000],
    [1000005, 'app', 2000],
    [99991403, 'target', 300_000],
    [230020, 'target', 1000],
    [232019, 'target', 1000],
    [11232, 'target', 10_000],
  ])('%s makes the %s wait %s ms', (code, concerns, afterMs) => {
    const error = errorOf(code, 'slow');
    expect(error).toBeInstanceOf(RateLimited);
    expect(error).toMatchObject({ concerns, retry: { afterMs } });
    expect(error.message).toContain(String(code));
  });

  it('of an id whose message is being sent may mean that it was, and holds up nobody else', () => {
    expect(errorOf(230049)).toMatchObject({ code: 'platform_unavailable', outcomeUnknown: true });
  });

  it('waits as long as the platform asks', () => {
    expect(errorOf(99991400, 'slow', 'post', { 'x-ogw-ratelimit-reset': '13' }).retry).toEqual({ afterMs: 13_000 });
    expect(errorOf(99991400, 'slow', 'post', { 'x-ogw-ratelimit-reset': 'soon' }).retry).toEqual({ afterMs: 2000 });
  });

  it('of a locked card is a short wait, of the same number for another reason a refusal', () => {
    const locked = errorOf(
      230099,
      'Failed to create card content, ext=ErrCode: 11310; ErrMsg: card action is lock',
      'edit',
    );
    expect(locked).toMatchObject({ code: 'rate_limited', concerns: 'target', retry: { afterMs: 1000 } });
    expect(errorOf(230099, 'ext=ErrCode: 11310; ErrMsg: element exceeds the limit').code).toBe('content_refused');
    expect(errorOf(230099, 'ext=ErrCode: 113101; ErrMsg: lock').code).toBe('content_refused');
  });

  it('for an id that names nothing means the place or the message, by the call', () => {
    const words = 'Your request contains an invalid request parameter, ext=invalid receive_id';
    expect(errorOf(230001, words).code).toBe('target_gone');
    expect(errorOf(230001, words, 'edit').code).toBe('content_refused');
    expect(errorOf(230001, 'ext=invalid message_id', 'edit').code).toBe('message_gone');
    expect(errorOf(230001, 'ext=invalid message_id').code).toBe('content_refused');
  });

  it('that somebody must mend says how', () => {
    expect(errorOf(10014, 'app secret invalid').message).toContain('LARK_APP_SECRET');
    expect(errorOf(99991672, 'Access denied. https://open.feishu.cn/app/x/auth').message).toContain(
      'https://open.feishu.cn/app/x/auth',
    );
  });

  it.each([99991661, 99991663, 99991664, 99991665, 99991671])('%s is a dead token', (code) => {
    expect(isDeadToken(refused(400, { code, msg: '' }))).toBe(true);
    expect(isDeadToken(refused(200, { code, msg: '' }))).toBe(true);
  });

  it('of another kind is no dead token', () => {
    expect(isDeadToken(refused(400, { code: 99991672, msg: '' }))).toBe(false);
    expect(isDeadToken(new Error('99991663'))).toBe(false);
  });
});

describe('no answer', () => {
  it.each([
    ['ECONNREFUSED', false],
    ['ENOTFOUND', false],
    ['CERT_HAS_EXPIRED', false],
    ['ECONNRESET', true],
    ['ERR_CANCELED', true],
    ['ETIMEDOUT', true],
  ])('by %s leaves the outcome unknown: %s', (code, unknown) => {
    expect(unanswered(Object.assign(new Error('x'), { code }))).toMatchObject({ outcomeUnknown: unknown });
    expect(unanswered(new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code }) }))).toMatchObject(
      {
        outcomeUnknown: unknown,
      },
    );
  });

  it('by something else may still have been carried out', () => {
    const error = unanswered('?');
    expect(error).toBeInstanceOf(PlatformUnavailable);
    expect(retryOf(error)).toBe('backoff');
    expect(error).toMatchObject({ outcomeUnknown: true });
  });
});
