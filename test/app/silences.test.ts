import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AppUnderTest, openApp } from '../support/app.ts';
import { eventually } from '../support/lark-app.ts';

let app: AppUnderTest;
beforeEach(async () => {
  app = await openApp();
  for (const [room, matchers] of [
    ['payments', [{ name: 'team', op: '=', value: 'payments' }]],
    ['search', [{ name: 'team', op: '=', value: 'search' }]],
  ] as const) {
    const { id } = await post('/targets', { address: `playground:${room}` });
    await post('/bindings', { target_id: id, matchers });
  }
});
afterEach(() => app.close());

async function post(path: string, body: object, key?: string): Promise<{ readonly id: string }> {
  const headers = { 'content-type': 'application/json', ...(key === undefined ? {} : { 'idempotency-key': key }) };
  const response = await fetch(`${app.url}/api/v1${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  expect(response.ok).toBe(true);
  return ((await response.json()) as { data: { id: string } }).data;
}

const room = async (name: string): Promise<string> =>
  (await fetch(`${app.url}/playground/rooms/${name}/threads?lang=en`)).text();
const undone = (html: string): number => html.split('/unsilence').length - 1;
const silences = async () => ((await app.get('/api/v1/silences')) as { items: readonly object[] }).items;

describe('a silence made by REST', () => {
  it('of labels is told, with its undo, where such alerts go and nowhere else, once', async () => {
    const body = { matchers: [{ name: 'team', op: '=', value: 'payments' }], duration: '2h', actor: 'Lin' };
    const made = await post('/silences', body, 'key-1');
    expect(await post('/silences', body, 'key-1')).toEqual(made);
    await eventually(async () => undone(await room('payments')) > 0);
    expect(await silences()).toHaveLength(1);
    await post('/silences', { ...body, matchers: [{ name: 'team', op: '=', value: 'none' }] }, 'key-2');
    await eventually(async () => undone(await room('lobby')) > 0);
    expect(undone(await room('payments'))).toBe(1);
    expect(undone(await room('search'))).toBe(0);
  });

  it('of an incident is told where it is shown', async () => {
    const id = await app.alert({ alertname: 'A', team: 'search' });
    await eventually(async () => (await room('search')).includes(id));
    await post('/silences', { incident: id, duration: '2h' });
    await eventually(async () => undone(await room('search')) === 1);
    expect(undone(await room('payments')) + undone(await room('lobby'))).toBe(0);
    await app.act(id, 'silence', { duration: '3h' });
    await eventually(async () => undone(await room('search')) === 2);
  });
});
