import { afterEach, expect, it } from 'vitest';
import { eventually } from '../support/lark-app.ts';
import { type LarkRoom, openLarkRoom } from '../support/lark-room.ts';

let room: LarkRoom | undefined;
afterEach(() => room?.close());

it('names a group by what can be seen of its name', async () => {
  room = await openLarkRoom({ mode: 'websocket' });
  const { under, li } = room;
  const group = under.lark.addChat('pay\u001b[2J\n\u202ements', [li]);
  await under.lark.people.addsBot(li, group);
  const readiness = async (): Promise<string> => (await fetch(`${under.url}/readyz`)).text();
  await expect.poll(readiness).toContain('waiting for approval: pay [2J ments;');
});

it('names ten groups that wait, and nobody who only wrote to the bot', async () => {
  room = await openLarkRoom({ mode: 'websocket' });
  const { under, li } = room;
  const readiness = async (): Promise<string> => (await fetch(`${under.url}/readyz`)).text();
  const direct = under.lark.addChat('Li', [li], 'p2p');
  await under.lark.people.says({ chat: direct, from: li, text: '/status' });
  await eventually(() => under.lark.messages(direct.id).some(({ from }) => from === 'app'));
  expect(await readiness()).not.toContain('waiting for approval');
  const groups = Array.from({ length: 12 }, (_, i) => under.lark.addChat(`g${i + 10}`, [li]));
  for (const group of groups) await under.lark.people.addsBot(li, group);
  await eventually(async () => /waiting for approval: g10(?:, g1\d){9}, … \+2;/u.test(await readiness()));
});
