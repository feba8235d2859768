import { afterEach, describe, expect, it } from 'vitest';
import type { Json } from '../simulators/lark/answer.ts';
import { type LarkAppUnderTest, eventually } from '../support/lark-app.ts';
import { type LarkRoom, openLarkRoom } from '../support/lark-room.ts';

const MINUTE = 60_000;
const START = Date.parse('2026-11-22T04:00:00Z');
/** An hour into the next month, where the platform's accounts are kept. */
const TO_DECEMBER = Date.parse('2026-11-30T17:00:00Z') - START;

let open: LarkRoom | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});

async function room(environment: Readonly<Record<string, string>> = {}): Promise<LarkRoom> {
  const opened = await openLarkRoom({ mode: 'webhook', start: START, environment });
  open = opened;
  // Who we are was asked before any call is missing.
  await eventually(async () => (await readiness(opened.under)).includes('the platform calls'));
  return opened;
}

const readiness = async (under: LarkAppUnderTest): Promise<string> => (await fetch(`${under.url}/readyz`)).text();

async function rest(under: LarkAppUnderTest, method: string, path: string, body?: object): Promise<Json> {
  const response = await fetch(`${under.url}/api/v1${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const { data } = (await response.json()) as { data: Json };
  return { ...data, status: response.status };
}

/** Binds a signing custom bot of the group to its target. */
async function bindBot({ under, chat }: LarkRoom): Promise<Json> {
  const { items } = (await rest(under, 'GET', '/targets')) as { items?: Json[] };
  const target = items?.find(({ address }) => String(address).endsWith(chat.id));
  const fallback = { url: under.lark.addHook(chat, { secret: 'hush' }), secret: 'hush' };
  return rest(under, 'PATCH', `/targets/${String(target?.['id'])}`, { fallback });
}

const by = ({ under, chat }: LarkRoom, from: 'app' | 'hook') =>
  under.lark.messages(chat.id).filter((message) => message.from === from);
const textOf = (messages: ReturnType<typeof by>): string => JSON.stringify(messages);
/** Calls of the app that left since a moment. */
const callsOf = ({ under }: LarkRoom): number =>
  under.lark.calls.filter(({ path }) => path.startsWith('/open-apis/im/') || path.includes('/bot/v3/')).length;

async function untilSpent(here: LarkRoom): Promise<void> {
  await eventually(async () => (await readiness(here.under)).includes('99991403'));
}

describe('when the month’s API calls are used up', () => {
  it('the group’s custom bot tells what is new, and in the next month the app’s cards are as they should be', async () => {
    const here = await room();
    const { under } = here;
    expect(await bindBot(here)).toMatchObject({ status: 200, has_fallback: true });
    const [disk = ''] = await under.alert({ name: 'DiskFull' });
    await eventually(() => by(here, 'app').length === 1);

    under.lark.quota.calls = 0;
    const before = callsOf(here);
    await under.alert({ name: 'CardDeclined' });
    await eventually(() => textOf(by(here, 'hook')).includes('CardDeclined'));
    await untilSpent(here);
    await eventually(() => textOf(by(here, 'hook')).includes('API calls of 2026-11 are used up'));
    const aboutDisk = () => by(here, 'hook').filter((message) => textOf([message]).includes('DiskFull'));
    expect(await rest(under, 'POST', `/incidents/${disk}/actions`, { action: 'ack' })).toMatchObject({ status: 200 });
    await eventually(() => textOf(aboutDisk()).includes('Acknowledged'));
    await under.alert({ name: 'DiskFull', status: 'resolved' });
    await eventually(() => textOf(aboutDisk()).includes('"green"'));
    // Each message is the card as it was then; none of them is announced besides.
    expect(aboutDisk().every(({ card }) => card !== undefined)).toBe(true);
    expect(callsOf(here) - before).toBe(1);
    expect(textOf(by(here, 'hook'))).not.toContain('"callback"');
    expect(textOf(by(here, 'app'))).toContain('"red"');
    expect(await readiness(under)).not.toContain('told nothing');

    under.lark.quota.calls = Number.POSITIVE_INFINITY;
    await under.lark.clock.advance(TO_DECEMBER);
    await under.alert({ name: 'QueueStuck' });
    await eventually(() => textOf(by(here, 'app')).includes('QueueStuck'));
    await eventually(() => textOf(by(here, 'app').slice(0, 1)).includes('"green"'));
    expect(await readiness(under)).not.toContain('99991403');
    await eventually(async () => {
      const { items } = await rest(under, 'GET', '/incidents?status=resolved&q=2026-11');
      return Array.isArray(items) && items.length === 1;
    });
    await under.alert({ name: 'CardDeclined', status: 'resolved' });
    await eventually(() => by(here, 'app').some((message) => textOf([message]).includes('CardDeclined')));
  });

  it('a restart remembers it: the bot speaks and no call leaves', async () => {
    const here = await room();
    const { under } = here;
    await bindBot(here);
    under.lark.quota.calls = 0;
    await under.alert({ name: 'DiskFull' });
    await eventually(() => textOf(by(here, 'hook')).includes('DiskFull'));
    await untilSpent(here);
    const before = callsOf(here);
    await under.restart();
    await under.alert({ name: 'CardDeclined' });
    await eventually(() => textOf(by(here, 'hook')).includes('CardDeclined'));
    await untilSpent(here);
    expect(callsOf(here)).toBe(before);
    expect(by(here, 'hook').filter((message) => textOf([message]).includes('used up'))).toHaveLength(1);
  });

  it('a group without a custom bot waits, says so, and is told soon after one is bound', async () => {
    const here = await room();
    const { under, chat } = here;
    under.lark.quota.calls = 0;
    await under.alert({ name: 'DiskFull' });
    await untilSpent(here);
    expect(await readiness(under)).toContain('told nothing: ops');
    await under.lark.clock.advance(30 * MINUTE);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(under.lark.messages(chat.id)).toHaveLength(0);
    const before = callsOf(here);
    await bindBot(here);
    await under.lark.clock.advance(6 * MINUTE);
    await eventually(() => textOf(by(here, 'hook')).includes('DiskFull'));
    expect(callsOf(here)).toBe(before);
  });

  it('one call an hour shows whether there are more again', async () => {
    const here = await room();
    const { under } = here;
    await bindBot(here);
    under.lark.quota.calls = 0;
    await under.alert({ name: 'DiskFull' });
    await untilSpent(here);
    under.lark.quota.calls = 100;
    await under.alert({ name: 'CardDeclined' });
    await eventually(() => textOf(by(here, 'hook')).includes('CardDeclined'));
    expect(by(here, 'app')).toHaveLength(0);
    await under.lark.clock.advance(61 * MINUTE);
    await under.alert({ name: 'QueueStuck' });
    await eventually(() => textOf(by(here, 'app')).includes('QueueStuck'));
    await eventually(async () => !(await readiness(under)).includes('99991403'));
  });
});

describe('when by our count the month’s API calls are used up', () => {
  it('calls are saved and nothing is stopped: a note waits for the next news', async () => {
    const here = await room({ LARK_MONTHLY_CALLS: '2' });
    const { under } = here;
    const [id = ''] = await under.alert({ name: 'DiskFull' });
    await eventually(() => by(here, 'app').length === 1);
    // Past the 5 s in which a young card is edited once.
    await under.lark.clock.advance(6000);
    await eventually(() => textOf(by(here, 'app')).includes('Diagnosed'));
    const act = (body: object) => rest(under, 'POST', `/incidents/${id}/actions`, body);
    expect(await act({ action: 'ack' })).toMatchObject({ status: 200 });
    await eventually(() => textOf(by(here, 'app')).includes('Acknowledged'));
    expect(await act({ action: 'note', text: 'looking at node 7' })).toMatchObject({ status: 200 });
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(textOf(by(here, 'app'))).not.toContain('node 7');
    await under.alert({ name: 'DiskFull', status: 'resolved' });
    await eventually(() => textOf(by(here, 'app')).includes('node 7'));
    expect(await readiness(under)).not.toContain('99991403');
  });
});
