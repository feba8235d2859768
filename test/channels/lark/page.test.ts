import { describe, expect, it } from 'vitest';
import type { UrgentStep } from '../../../src/channels/lark/api.ts';
import { type Verb, appErrorOf } from '../../../src/channels/lark/errors.ts';
import { pagePeople } from '../../../src/channels/lark/page.ts';
import { LarkRefusal } from '../../../src/channels/lark/wire.ts';
import { PageRefused, PlatformUnavailable } from '../../../src/errors.ts';

const signal = new AbortController().signal;
const errorOf = (code: number, msg = 'no', verb: Verb = 'page') =>
  appErrorOf(new LarkRefusal(`lark answered ${code}: ${msg}`, 400, code), { verb, random: () => 0 });

/** Calls by their people; `answer` throws what the platform refuses or returns the ids it does. */
function platform(answer: (people: readonly string[]) => readonly string[]) {
  const calls: string[] = [];
  const urgent = async (_ref: string, step: UrgentStep, people: readonly string[]) => {
    calls.push(`${step} ${people.join()}`);
    return answer(people);
  };
  const page = (people: readonly string[], ref = 'om_1', step: UrgentStep = 'app') =>
    pagePeople({ urgent }, { address: 'oc_1', ref, step, people }, signal);
  return { calls, page };
}

describe('paging by urgent messages', () => {
  it('is one call for everybody, and tells whom the platform refused', async () => {
    const { calls, page } = platform(() => ['ou_b']);
    expect(await page(['ou_a', 'ou_b'])).toEqual({ refused: ['ou_b'] });
    expect(calls).toEqual(['app ou_a,ou_b']);
  });

  it.each([230013, 230023, 230001])('calls each alone when %s is about one of them', async (code) => {
    const { calls, page } = platform((people) => {
      if (people.includes('ou_b')) throw errorOf(code);
      return [];
    });
    expect(await page(['ou_a', 'ou_b', 'ou_c'])).toEqual({ refused: ['ou_b'] });
    expect(calls).toEqual(['app ou_a,ou_b,ou_c', 'app ou_a', 'app ou_b', 'app ou_c']);
  });

  it('fails with the platform’s reason when nobody was reached', async () => {
    const { page } = platform(() => {
      throw errorOf(230023);
    });
    await expect(page(['ou_a', 'ou_b'])).rejects.toMatchObject({ code: 'page_refused', fault: 'unread' });
    await expect(page(['ou_a'])).rejects.toMatchObject({ fault: 'unread' });
  });

  it('calls nobody twice who was reached before another call failed', async () => {
    const { page } = platform((people) => {
      if (people.length > 1) throw errorOf(230013);
      if (people.includes('ou_b')) throw new PlatformUnavailable('broken', true);
      return [];
    });
    expect(await page(['ou_a', 'ou_b'])).toEqual({ refused: ['ou_b'] });
    await expect(page(['ou_b', 'ou_a'])).rejects.toBeInstanceOf(PlatformUnavailable);
  });

  it.each([
    ['app', 'im:message.urgent'],
    ['sms', 'im:message.urgent:sms'],
    ['phone', 'im:message.urgent:phone'],
  ] as const)('by %s names the scope it needs', async (step, needs) => {
    const { page } = platform(() => {
      throw errorOf(99991672);
    });
    await expect(page(['ou_a'], 'om_1', step)).rejects.toMatchObject({ fault: 'permission', needs });
  });

  it('is not tried about a card that a custom bot posted', async () => {
    const { calls, page } = platform(() => []);
    await expect(page(['ou_a'], 'hook:1')).rejects.toBeInstanceOf(PageRefused);
    expect(calls).toEqual([]);
  });

  it.each([
    [230024, 'quota'],
    [99991672, 'permission'],
    [230018, 'chat'],
    [230027, 'chat'],
    [230052, 'chat'],
    [230098, 'chat'],
    [230023, 'unread'],
    [230001, 'people'],
    [230013, 'people'],
    [99991403, 'allowance'],
  ])('%s means %s, and nothing is wrong with the chat or its cards', (code, fault) => {
    expect(errorOf(code)).toMatchObject({ code: 'page_refused', fault, retry: 'never' });
  });

  it.each([
    [230002, 'target_gone'],
    [232009, 'target_gone'],
    [230110, 'message_gone'],
    [230012, 'message_gone'],
    [99991400, 'rate_limited'],
    [230006, 'platform_unavailable'],
  ])('%s means the same as to any call: %s', (code, known) => {
    expect(errorOf(code).code).toBe(known);
  });

  it('230013 still means a dead target to a message', () => {
    expect(errorOf(230013, 'no', 'post').code).toBe('target_gone');
  });
});
