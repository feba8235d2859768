import { afterAll, describe, expect, it } from 'vitest';
import { platformError } from '../simulators/lark/faults.ts';
import { eventually } from '../support/lark-app.ts';
import { type LarkRoom, openLarkRoom } from '../support/lark-room.ts';

const MINUTE = 60_000;

const opened: LarkRoom[] = [];
afterAll(async () => {
  await Promise.all(opened.map((here) => here.close()));
});

/** Li and Wang are on duty unless said otherwise. */
async function room(
  more: { readonly locale?: 'zh-CN'; readonly onDuty?: false; readonly environment?: Record<string, string> } = {},
): Promise<LarkRoom> {
  const here = await openLarkRoom({
    mode: 'websocket',
    ...(more.locale && { locale: more.locale }),
    environment: { LARK_URGENT_AFTER: '10m', LARK_URGENT_STEPS: 'app,sms,phone', ...more.environment },
  });
  opened.push(here);
  if (more.onDuty !== false) {
    await here.under.nameOperator('Li', here.li.openId, 'responder');
    await here.under.nameOperator('Wang', here.wang.openId, 'admin');
  }
  return here;
}

const pages = ({ under }: LarkRoom) => under.lark.world.notifications.filter(({ kind }) => kind !== 'message');
const kinds = (here: LarkRoom) => pages(here).map(({ kind }) => kind);
const replies = ({ under, chat }: LarkRoom) =>
  under.lark.messages(chat.id).filter(({ rootId }) => rootId !== undefined);
const cardOf = ({ under, chat }: LarkRoom) => under.lark.messages(chat.id).find(({ card }) => card !== undefined);
const shown = (here: LarkRoom): string => JSON.stringify(cardOf(here)?.card);
/** No bell rings for it, so the edit is held back like any other; before the next page is due it is there. */
async function cardSays(here: LarkRoom, words: string): Promise<void> {
  for (let passed = 0; passed < 9 * MINUTE && !shown(here).includes(words); passed += 3000) {
    await here.under.lark.clock.advance(3000);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(shown(here)).toContain(words);
}
const moment = () => new Promise((resolve) => setTimeout(resolve, 1200));

/** A critical incident whose card is there. */
async function incident(here: LarkRoom): Promise<string> {
  const [id = ''] = await here.under.alert({ name: 'DiskFull' });
  await eventually(() => cardOf(here) !== undefined);
  return id;
}

/** What was written down to be sent, or was sent. */
async function written({ under }: LarkRoom): Promise<readonly string[]> {
  const response = await fetch(`${under.url}/api/v1/deliveries`);
  const { data } = (await response.json()) as { data: { items: { event: string }[] } };
  return data.items.map(({ event }) => event);
}

/** The answer to `/why`. */
const whyOf = ({ under, chat }: LarkRoom, id: string): string =>
  under.lark
    .messages(chat.id)
    .map(({ card }) => JSON.stringify(card ?? {}))
    .find((text) => text.includes(`Why: ${id}`)) ?? '';

const ack = (here: LarkRoom, id: string) =>
  here.under.lark.press({
    user: here.li,
    messageId: cardOf(here)?.id ?? '',
    value: { action: 'ack', incident_id: id },
  });

// Each with a platform and a server of its own, which mostly wait.
describe.concurrent('paging by lark', () => {
  it('calls the people on duty about the card, louder with each step, and says so on the card', async () => {
    const here = await room();
    const id = await incident(here);
    await here.under.lark.clock.advance(9 * MINUTE);
    await moment();
    expect(kinds(here)).toEqual([]);
    await here.under.lark.clock.advance(1 * MINUTE);
    await eventually(() => pages(here).length === 1);
    expect(pages(here)).toMatchObject([
      { kind: 'urgent_app', messageId: cardOf(here)?.id, people: [here.li.openId, here.wang.openId] },
    ]);
    await cardSays(here, 'paged Li, Wang by app');
    const console = await (await fetch(`${here.under.url}/incidents/${id}`)).text();
    expect(console).toContain('paged Li, Wang by app');
    await here.under.lark.people.says({ chat: here.chat, from: here.li, text: `@bot /why ${id}` });
    await eventually(() => whyOf(here, id).includes('paged Li, Wang by app'));
    await here.under.lark.clock.advance(10 * MINUTE);
    await eventually(() => kinds(here).includes('urgent_sms'));
    await here.under.lark.clock.advance(10 * MINUTE);
    await eventually(() => kinds(here).includes('urgent_phone'));
    await cardSays(here, 'paged Li, Wang by phone');
    await here.under.lark.clock.advance(30 * MINUTE);
    await moment();
    expect(kinds(here)).toEqual(['urgent_app', 'urgent_sms', 'urgent_phone']);
    expect(here.li.unreadUrgent).toBe(3);
  });

  it('calls nobody once somebody has acknowledged', async () => {
    const here = await room();
    const id = await incident(here);
    await here.under.lark.clock.advance(10 * MINUTE);
    await eventually(() => pages(here).length === 1);
    await ack(here, id);
    await here.under.lark.clock.advance(60 * MINUTE);
    await moment();
    expect(kinds(here)).toEqual(['urgent_app']);
  });

  it('is off unless configured', async () => {
    const here = await room({ environment: { LARK_URGENT_AFTER: '' } });
    await incident(here);
    await here.under.lark.clock.advance(60 * MINUTE);
    await moment();
    expect(kinds(here)).toEqual([]);
  });

  it('says below the card that the quota is used up and what to do, calls them by name there, and goes on', async () => {
    const here = await room({ environment: { LARK_URGENT_STEPS: 'sms,app' } });
    here.under.lark.urgency.urgent_sms = 0;
    await incident(here);
    await here.under.lark.clock.advance(10 * MINUTE);
    await eventually(() => replies(here).some(({ text }) => text.includes('quota used up')));
    const said = replies(here).find(({ text }) => text.includes('quota used up'));
    expect(said).toMatchObject({ rootId: cardOf(here)?.id, mentions: [here.li.openId, here.wang.openId] });
    expect(said?.text).toContain('buy quota');
    await cardSays(here, 'quota used up');
    await here.under.lark.clock.advance(10 * MINUTE);
    await eventually(() => kinds(here).includes('urgent_app'));
  });

  it('names the permission that the app lacks, in the reader’s language, and keeps the group alive', async () => {
    const here = await room({ locale: 'zh-CN' });
    const denied = platformError(
      99991672,
      'Access denied. One of the following scopes is required: [im:message.urgent]',
    );
    here.under.lark.faults.next('/urgent_app', denied);
    await incident(here);
    await here.under.lark.clock.advance(10 * MINUTE);
    await eventually(() => replies(here).some(({ text }) => text.includes('权限 im:message.urgent ')));
    await cardSays(here, '应用内加急失败：应用缺少权限');
    const ready = await (await fetch(`${here.under.url}/readyz`)).text();
    expect(ready).not.toContain('dead');
  });

  it('takes a chat that forbids pages for no dead chat', async () => {
    const here = await room();
    here.chat.urgentAllowed = false;
    await incident(here);
    await here.under.lark.clock.advance(10 * MINUTE);
    await eventually(() => replies(here).some(({ text }) => text.includes('does not let the bot page')));
    expect(await (await fetch(`${here.under.url}/readyz`)).text()).not.toContain('dead');
  });

  it('reaches whom it can and says whom it could not', async () => {
    const here = await room();
    const zhao = here.under.lark.addUser('Zhao');
    await here.under.nameOperator('Zhao', zhao.openId, 'responder');
    here.wang.unreadUrgent = 200;
    await incident(here);
    await here.under.lark.clock.advance(10 * MINUTE);
    await eventually(() => replies(here).some(({ text }) => text.includes('could not page Wang, Zhao by app')));
    expect(pages(here).map(({ people }) => people)).toEqual([[here.li.openId]]);
    await cardSays(here, 'paged Li by app, but not Wang, Zhao');
  });

  it('says that nobody is on duty, once, and how to link people', async () => {
    const here = await room({ onDuty: false });
    await incident(here);
    await here.under.lark.clock.advance(10 * MINUTE);
    await eventually(() => replies(here).some(({ text }) => text.includes('zhiban operators add NAME')));
    await here.under.lark.clock.advance(10 * MINUTE);
    await cardSays(here, 'nobody on duty can be called here');
    expect(replies(here).filter(({ text }) => text.includes('zhiban operators add'))).toHaveLength(1);
    expect(kinds(here)).toEqual([]);
  });

  it('pages at most twice when the platform carries it out and breaks the connection', async () => {
    const here = await room({ environment: { LARK_URGENT_STEPS: 'app' } });
    here.under.lark.faults.next('/urgent_app', { kind: 'reset', when: 'after-commit' }, 5);
    await incident(here);
    await here.under.lark.clock.advance(10 * MINUTE);
    await eventually(() => kinds(here).length === 2);
    await eventually(() => replies(here).some(({ text }) => text.includes('may have arrived or not')));
    expect(kinds(here)).toEqual(['urgent_app', 'urgent_app']);
  });

  it('pages once, by the last step that was due, after an outage of the platform', async () => {
    const here = await room();
    await incident(here);
    here.under.lark.outage('unreachable');
    for (const page of ['page_app', 'page_sms']) {
      await here.under.lark.clock.advance(10 * MINUTE);
      await eventually(async () => (await written(here)).includes(page));
    }
    here.under.lark.outage('none');
    await here.under.lark.clock.advance(MINUTE);
    await eventually(() => pages(here).length > 0);
    expect(kinds(here)).toEqual(['urgent_sms']);
  });
});
