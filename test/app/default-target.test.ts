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

it('complains of a default target that nobody serves, and no more once it is mended', async () => {
  expect(await readyWith({ DEFAULT_TARGET: 'lark:oc_x' })).toMatch(/not configured: lark:oc_x; .*DEFAULT_TARGET/);
  expect(await readyWith({})).not.toContain('lark:oc_x');
});
