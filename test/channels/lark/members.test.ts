import { expect, it } from 'vitest';
import type { LarkMember } from '../../../src/channels/lark/api.ts';
import { createMembers } from '../../../src/channels/lark/members.ts';

const HOUR = 3_600_000;

function scene(list: () => Promise<readonly LarkMember[]> = async () => [{ openId: 'ou_1', name: 'Anna' }]) {
  const state = { now: 0 };
  const asked: (readonly [string, number | undefined])[] = [];
  const nameOf = createMembers({
    api: {
      chatMembers: (chatId, _signal, mostPages) => {
        asked.push([chatId, mostPages]);
        return list();
      },
    },
    clock: { now: () => state.now },
  });
  return { state, asked, nameOf };
}

it('tells names by one list in six hours, which is never a long one', async () => {
  const { state, asked, nameOf } = scene();
  expect(await Promise.all([nameOf('ou_1', 'lark:oc_1'), nameOf('ou_1', 'lark:oc_1')])).toEqual(['Anna', 'Anna']);
  expect(await nameOf('ou_2', 'lark:oc_1')).toBeUndefined();
  state.now = 6 * HOUR - 1;
  await nameOf('ou_1', 'lark:oc_1');
  expect(asked).toEqual([['oc_1', 5]]);
  state.now += 1;
  await nameOf('ou_1', 'lark:oc_1');
  expect(asked).toHaveLength(2);
});

it('asks no sooner again when the platform refuses, and never about a direct chat', async () => {
  const { state, asked, nameOf } = scene(() => Promise.reject(new Error('no scope')));
  expect(await nameOf('ou_1', 'lark:oc_1')).toBeUndefined();
  state.now = 5 * HOUR;
  expect(await nameOf('ou_1', 'lark:oc_1')).toBeUndefined();
  expect(await nameOf('ou_1', 'lark:ou_1')).toBeUndefined();
  expect(asked).toHaveLength(1);
});

it('remembers no more than 200 chats', async () => {
  const { asked, nameOf } = scene();
  for (let chat = 0; chat <= 200; chat += 1) await nameOf('ou_1', `lark:oc_${chat}`);
  await nameOf('ou_1', 'lark:oc_200');
  expect(asked).toHaveLength(201);
  await nameOf('ou_1', 'lark:oc_0');
  expect(asked).toHaveLength(202);
});
