import { describe, expect, it } from 'vitest';
import { createRecordChange } from '../../src/console/api/changes.ts';
import { ApiRefusal } from '../../src/console/api/route.ts';
import { createFakeChanges } from '../support/changes.ts';

const NOW = Date.parse('2026-11-22T03:00:00Z');

function told() {
  const changes = createFakeChanges(() => NOW);
  const record = createRecordChange({ changes, clock: { now: () => NOW } });
  return { changes, tell: (body: unknown) => record(body, 'ci') };
}

const refusalOf = async (body: unknown): Promise<string> => {
  const refused = await told()
    .tell(body)
    .catch((err: unknown) => err);
  if (!(refused instanceof ApiRefusal)) throw new Error(`taken: ${JSON.stringify(body)}`);
  expect(refused.status).toBe(400);
  return refused.message;
};

const SMALLEST = { service: 'checkout', title: 'v2' };

describe('telling of a change', () => {
  it('needs a service and a title; the rest has a meaning when absent, null or empty', async () => {
    const { tell, changes } = told();
    const { status, data } = await tell({ ...SMALLEST, version: '', author: null, url: '', at: null });
    expect(status).toBe(201);
    expect(data).toMatchObject({ kind: 'deploy', at: '2026-11-22T03:00:00.000Z', source: 'ci', version: null });
    expect(changes.all).toEqual([
      { ...SMALLEST, kind: 'deploy', at: NOW, source: 'ci', labels: {}, id: 'c1', createdAt: NOW },
    ]);
  });

  it('keeps the first line of a commit message and nothing that hides or breaks', async () => {
    const { tell, changes } = told();
    const title = ' fix: \u202eretry\u0000 twice\ud800 \n\nlong body';
    await tell({ service: 'a\u0000b', title, labels: { 'k\u0007': 'v\u200b' } });
    expect(changes.all[0]).toMatchObject({ service: 'a b', title: 'fix: retry twice\ufffd', labels: { k: 'v' } });
    await tell({ ...SMALLEST, title: '发'.repeat(2000) });
    expect(changes.all[1]?.title).toBe('发'.repeat(300));
  });

  it('answers with the known one when it is told again', async () => {
    const { tell } = told();
    expect(await tell({ ...SMALLEST, dedupe_key: 'k' })).toMatchObject({ status: 201, data: { id: 'c1' } });
    expect(await tell({ ...SMALLEST, id: 'k', title: 'v3' })).toMatchObject({
      status: 200,
      data: { id: 'c1', title: 'v2' },
      message: expect.stringContaining('nothing was changed'),
    });
  });

  it.each([
    ['nothing', {}, /service: .*; title: /],
    ['a list', [], /^body: /],
    ['text', 'x', /^body: /],
    ['a title of spaces', { ...SMALLEST, title: '   ' }, /^title: must not be empty/],
    ['an unknown kind', { ...SMALLEST, kind: 'party' }, /^kind: must be one of deploy, config/],
    ['an address that runs', { ...SMALLEST, url: 'javascript:alert(1)' }, /^url: must be an http/],
    ['an address with a password', { ...SMALLEST, url: 'https://u:p@ci.example/' }, /^url: must be an http/],
    ['a time of no zone', { ...SMALLEST, at: '2026-11-22 03:00' }, /^at: is no time/],
    ['a time far ahead', { ...SMALLEST, at: '2026-11-22T04:00:00Z' }, /^at: 2026-11-22T04.*in the future/],
    ['too long a service', { ...SMALLEST, service: 'x'.repeat(201) }, /^service: /],
    ['labels that are no texts', { ...SMALLEST, labels: { a: 1 } }, /^labels\.a: /],
    [
      'too many labels',
      { ...SMALLEST, labels: Object.fromEntries(Array.from({ length: 31 }, (_, at) => [`l${at}`, 'v'])) },
      /^labels: must be at most 30/,
    ],
  ])('refuses %s in words', async (_name, body, message) => {
    expect(await refusalOf(body)).toMatch(message);
  });

  it('takes a clock that is a little ahead, and any offset', async () => {
    const { tell } = told();
    expect((await tell({ ...SMALLEST, at: '2026-11-22T11:05:00+08:00' })).data).toMatchObject({
      at: '2026-11-22T03:05:00.000Z',
    });
  });
});
