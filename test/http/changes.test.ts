import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { ApiRefusal } from '../../src/console/api/route.ts';
import type { HttpDeps } from '../../src/http/ports.ts';
import { STRANGER, createEntrance, from } from './app.ts';

const KEY = 'zb_of-the-build-machine';
const keyHashes = [createHash('sha256').update(KEY).digest('hex')];

function entrance(ALLOWED_IPS: readonly string[] = []) {
  const told: [unknown, string][] = [];
  const used: string[] = [];
  const recordChange: HttpDeps['recordChange'] = async (body, integration) => {
    told.push([body, integration]);
    if (JSON.stringify(body) === '{}') throw new ApiRefusal(400, 'service: missing');
    return { status: 201, message: 'Recorded.', data: { id: 'c1' } };
  };
  const findIntegration: HttpDeps['findIntegration'] = async (name) =>
    name === 'github' ? { name, keyHashes, hmacSecrets: [] } : undefined;
  const { http } = createEntrance({
    recordChange,
    findIntegration,
    integrationUsed: (name) => void used.push(name),
    config: { ADMIN_TOKEN: 'admin-token', ALLOWED_IPS },
  });
  const tell = async (headers: Record<string, string>, body = '{"service":"a"}', name = 'github', method = 'POST') => {
    const path = `/api/changes/integration/${name}`;
    const { status, text } = await from(STRANGER, http.handler, { method, path, headers, body });
    return { status, ...(JSON.parse(text) as { message: string; data: unknown }) };
  };
  return { told, used, tell, routes: http.routes };
}

const PROOF = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' };

it('takes a change from an integration by its own key', async () => {
  const { told, used, tell } = entrance();
  expect(await tell(PROOF)).toMatchObject({ status: 201, message: 'Recorded.', data: { id: 'c1' } });
  expect(
    await tell({ 'x-api-key': KEY, 'content-type': 'application/x-www-form-urlencoded' }, 'service=a&title=%22%26'),
  ).toMatchObject({ status: 201 });
  expect(told).toEqual([
    [{ service: 'a' }, 'github'],
    [{ service: 'a', title: '"&' }, 'github'],
  ]);
  expect(used).toEqual(['github', 'github']);
});

it('takes none from anybody else, not even from an administrator under a name there is not', async () => {
  const { told, used, tell } = entrance();
  const refused = [
    await tell({}),
    await tell({ authorization: 'Bearer zb_other' }),
    await tell(PROOF, '{}', 'gitlab'),
    await tell({ authorization: 'Bearer admin-token' }),
  ];
  for (const { status, message } of refused) {
    expect(status).toBe(401);
    expect(message).toContain('zhiban integrations');
  }
  expect([told, used]).toEqual([[], []]);
});

it('minds ALLOWED_IPS, the method, the body and what is wrong in it', async () => {
  expect(await entrance(['10.0.0.0/8']).tell(PROOF)).toMatchObject({ status: 403 });
  const { tell } = entrance();
  expect(await tell(PROOF, '', 'github', 'GET')).toMatchObject({ status: 405 });
  expect(await tell(PROOF, 'no json')).toMatchObject({ status: 400, message: expect.stringContaining('JSON') });
  expect(await tell(PROOF, `"${'x'.repeat(1024 ** 2)}"`)).toMatchObject({ status: 413 });
  expect(await tell(PROOF, '{}')).toMatchObject({ status: 400, message: 'service: missing', data: {} });
});

it('is not there when nobody takes changes', () => {
  expect(createEntrance().http.routes.some(({ path }) => path.includes('changes'))).toBe(false);
  expect(entrance().routes.find(({ path }) => path.includes('changes'))?.guard).toBe('own');
});
