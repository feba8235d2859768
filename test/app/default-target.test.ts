import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openApp } from '../support/app.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zhiban-default-target-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const readyWith = async (environment: Readonly<Record<string, string>>): Promise<string> => {
  const app = await openApp({ DATABASE_URL: `sqlite:${folder}/zhiban.db`, ...environment });
  try {
    return JSON.stringify(await app.get('/readyz'));
  } finally {
    await app.close();
  }
};

it('gets what nothing binds, also when it waited for approval before it was named', async () => {
  const shared = { DATABASE_URL: `sqlite:${folder}/zhiban.db` };
  const before = await openApp(shared);
  const made = await fetch(`${before.url}/api/v1/targets`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ address: 'playground:ops', pending: true }),
  });
  expect(made.status).toBe(201);
  await before.close();
  const app = await openApp({ ...shared, DEFAULT_TARGET: 'playground:ops' });
  try {
    const id = await app.alert({ alertname: 'Disk' });
    const { items } = (await app.get(`/api/v1/incidents/${id}/deliveries`)) as { items: { target_id: string }[] };
    const target = (await app.get(`/api/v1/targets/${items[0]?.target_id ?? 'none'}`)) as { address: string };
    expect(target.address).toBe('playground:ops');
  } finally {
    await app.close();
  }
});

it('takes the place of a chat that a sender names and that waits for approval, and the sender is told', async () => {
  const app = await openApp();
  try {
    const post = async (path: string, body: object) => {
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`${app.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
      return ((await answer.json()) as { data: { incidents?: { id: string }[]; notes?: string[] } }).data;
    };
    const sent = async (chat: string) => {
      const { incidents, notes = [] } = await post('/api/alert', { sender_id: 's', message: chat, chat_id: chat });
      const { items } = (await app.get(`/api/v1/incidents/${incidents?.[0]?.id ?? ''}/deliveries`)) as {
        items: { target_id: string }[];
      };
      return { notes: notes.length, targets: items.map(({ target_id: id }) => id) };
    };
    const add = async (address: string, pending: boolean) =>
      ((await post('/api/v1/targets', { address, pending })) as { id: string }).id;
    const open = await add('playground:open', false);
    await add('playground:waits', true);
    const { targets: usual } = await sent('playground:unheard-of');
    expect(await sent('playground:open')).toEqual({ notes: 0, targets: [open] });
    expect(await sent('playground:waits')).toEqual({ notes: 1, targets: usual });
    expect(usual).not.toContain(open);
  } finally {
    await app.close();
  }
});

it('complains of a default target that nobody serves, and no more once it is mended', async () => {
  expect(await readyWith({ DEFAULT_TARGET: 'lark:oc_x' })).toMatch(/not configured: lark:oc_x; .*DEFAULT_TARGET/);
  expect(await readyWith({})).not.toContain('lark:oc_x');
});
