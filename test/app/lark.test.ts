import { afterEach, describe, expect, it } from 'vitest';
import { type LarkAppUnderTest, type LarkMode, eventually, startLarkApp } from '../support/lark-app.ts';
import type { Chat } from '../simulators/lark/world.ts';
import { type LarkRoom, openLarkRoom } from '../support/lark-room.ts';

let open: Pick<LarkRoom, 'close'> | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});

async function room(mode: LarkMode, options: { readonly standing?: true } = {}): Promise<LarkRoom> {
  const opened = await openLarkRoom({ mode, ...options });
  open = opened;
  return opened;
}

async function deliveries({ url }: LarkAppUnderTest): Promise<readonly string[]> {
  const response = await fetch(`${url}/api/v1/deliveries`);
  const { data } = (await response.json()) as { data: { items: { state: string }[] } };
  return data.items.map(({ state }) => state);
}
const said = (under: LarkAppUnderTest, chat: Chat): string => JSON.stringify(under.lark.messages(chat.id));
const readiness = async (under: LarkAppUnderTest): Promise<string> => (await fetch(`${under.url}/readyz`)).text();

describe.each(['websocket', 'webhook'] as const)('lark by %s', (mode) => {
  it('shows an alert as a card that changes in place when somebody presses', async () => {
    const { under, chat, li } = await room(mode);
    const [id = ''] = await under.alert({ name: 'DiskFull' });
    // Not only there: until we know that it is, a press is answered without it.
    await eventually(async () => (await deliveries(under)).includes('shown'));
    const [card] = under.lark.messages(chat.id);
    const pressed = await under.lark.press({
      user: li,
      messageId: card?.id ?? '',
      value: { action: 'ack', incident_id: id },
    });
    expect(pressed).toMatchObject({ code: 0, cardChanged: true });
    await eventually(() => JSON.stringify(under.lark.messages(chat.id)[0]?.card).includes('Li'));
    await under.alert({ name: 'DiskFull', status: 'resolved' });
    await eventually(() => JSON.stringify(under.lark.messages(chat.id)[0]?.card).includes('"green"'));
    expect(under.lark.messages(chat.id).filter(({ card: shown }) => shown !== undefined)).toHaveLength(1);
  });

  it('shows at once what a reaction did: no card is locked by it', async () => {
    // A lock would end as time goes on, and time does not.
    const { under, chat, li } = await room(mode, { standing: true });
    await under.alert({ name: 'DiskFull' });
    await eventually(() => under.lark.messages(chat.id).length === 1);
    const [card] = under.lark.messages(chat.id);
    await under.lark.people.reacts(li, card?.id ?? '', 'OnIt');
    await eventually(() => JSON.stringify(under.lark.messages(chat.id)[0]?.card).includes('Acknowledged'));
    expect(under.lark.messages(chat.id)[0]?.edits).toBeGreaterThan(0);
  });

  it('answers when it is spoken to, and once when the platform says it twice', async () => {
    const { under, chat, li } = await room(mode);
    const heard = await under.lark.people.says({ chat, from: li, text: '@bot /status' });
    await under.lark.people.duplicates(heard.envelope);
    await eventually(() => under.lark.messages(chat.id).some(({ from }) => from === 'app'));
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(under.lark.messages(chat.id).filter(({ from }) => from === 'app')).toHaveLength(1);
  });

  it('makes a group it is added to a pending target that an admin approves on the card', async () => {
    const { under, li } = await room(mode);
    const group = under.lark.addChat('payments', [li]);
    await under.lark.people.addsBot(li, group);
    await eventually(() => said(under, group).includes('approve_target'));
    expect(await readiness(under)).toContain('waiting for approval: payments');
    const [card] = under.lark.messages(group.id);
    const approve = () =>
      under.lark.press({ user: li, messageId: card?.id ?? '', value: { action: 'approve_target' } });
    expect(JSON.stringify((await approve()).toast)).toContain(`--id lark:${li.openId}`);
    expect(await readiness(under)).toContain('waiting for approval');

    await under.makeAdmin('Li', li.openId);
    expect(JSON.stringify((await approve()).toast)).toContain('gets every incident');
    expect(await readiness(under)).not.toContain('waiting for approval');
    await under.alert({ name: 'CardDeclined' });
    await eventually(() => said(under, group).includes('CardDeclined'));
  });
});

describe('lark', () => {
  it('asks about the chats it finds at start, once, also after another start', async () => {
    const { under, li } = await room('websocket');
    const group = under.lark.addChat('found', [li]);
    group.botInside = true;
    await under.restart();
    await eventually(() => said(under, group).includes('approve_target'));
    await under.restart();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(under.lark.messages(group.id)).toHaveLength(1);
  });

  it('writes to no group unasked when the app is in many already, and says which wait', async () => {
    const { under, li } = await room('websocket');
    const groups = ['a', 'b', 'c', 'd'].map((name) => under.lark.addChat(`old ${name}`, [li]));
    for (const group of groups) group.botInside = true;
    await under.restart();
    await eventually(async () => (await readiness(under)).includes('old d'));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(groups.flatMap(({ id }) => under.lark.messages(id))).toEqual([]);
  });

  it('takes the incidents of a group it was removed from to the default target, and back when it returns', async () => {
    const { under, li, chat } = await room('websocket');
    const group = under.lark.addChat('payments', [li]);
    await under.lark.people.addsBot(li, group);
    await under.makeAdmin('Li', li.openId);
    await under.lark.people.says({ chat: group, from: li, text: '@bot /bind alertname=CardDeclined' });
    const answered = () => under.lark.messages(group.id).filter(({ from }) => from === 'app');
    await eventually(() => JSON.stringify(answered()).includes('CardDeclined'));
    const removal = await under.lark.people.removesBot(li, group);
    await eventually(async () => (await readiness(under)).includes('dead: payments'));
    await under.alert({ name: 'CardDeclined' });
    await eventually(() => said(under, chat).includes('CardDeclined needs a look'));
    await under.lark.people.addsBot(li, group);
    await eventually(async () => !(await readiness(under)).includes('dead'));
    await eventually(() => said(under, group).includes('CardDeclined needs a look'));
    // Besides, there may be an incident about the dead target by now.
    const cards = under.lark.messages(chat.id).map(({ card }) => JSON.stringify(card ?? {}));
    expect(cards.filter((card) => card.includes('waits for approval'))).toHaveLength(1);
    expect(cards.filter((card) => card.includes('CardDeclined needs a look'))).toHaveLength(1);
    // The platform tells again for hours, and what is past stays past.
    await under.lark.people.duplicates(removal.envelope);
    await under.lark.people.replays(removal.envelope);
    expect(await readiness(under)).not.toContain('dead');
  });

  it('says that nothing routes to it, and that it is not connected', async () => {
    const under = await startLarkApp({ mode: 'websocket' });
    open = under;
    expect(await readiness(under)).toContain('nothing routes to lark');
    await eventually(async () => (await readiness(under)).includes('the long connection is up'));
    under.lark.outage('unreachable');
    await eventually(async () => (await readiness(under)).includes('no long connection since'));
    expect(await (await fetch(`${under.url}/metrics`)).text()).toContain('zhiban_channel_connected{channel="lark"} 0');
  });

  it('serves no address of the platform without a key or token', async () => {
    const { under } = await room('websocket');
    const response = await fetch(`${under.url}/lark/event`, { method: 'POST', body: '{}' });
    expect(response.status).toBe(404);
  });
});
