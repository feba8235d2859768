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

it('complains of a default target that nobody serves, and no more once it is mended', async () => {
  expect(await readyWith({ DEFAULT_TARGET: 'lark:oc_x' })).toMatch(/not configured: lark:oc_x; .*DEFAULT_TARGET/);
  expect(await readyWith({})).not.toContain('lark:oc_x');
});
