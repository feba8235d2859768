import { hash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AppUnderTest, openApp } from '../support/app.ts';

/** As a browser elsewhere looks to a server behind a proxy on its own machine. */
const ELSEWHERE = { 'x-forwarded-for': '203.0.113.9' };
const BROWSER = { ...ELSEWHERE, accept: 'text/html' };

describe('a browser from the network while no ADMIN_TOKEN is set', () => {
  let app: AppUnderTest;
  beforeAll(async () => {
    app = await openApp({ LOCALE: 'zh-CN' });
  });
  afterAll(() => app.close());
  const get = (path: string, headers: Record<string, string>) => fetch(app.url + path, { headers, redirect: 'manual' });

  it.each([
    ['/', '控制台只对本机开放'],
    ['/playground', '控制台只对本机开放'],
    ['/incidents?lang=en', 'open to its own machine only'],
  ])('is shown at %s what to set, and nothing else answers', async (path, title) => {
    const answered = await get(path, BROWSER);
    expect([answered.status, answered.headers.get('content-type')]).toEqual([401, 'text/html; charset=utf-8']);
    expect(answered.headers.get('content-security-policy')).toContain("default-src 'none'");
    const page = await answered.text();
    expect(page).toContain(title);
    expect(page).toContain('ADMIN_TOKEN');
    expect(page).not.toContain('/incidents/');
    expect(page).not.toMatch(/(?:href|src)=/);
    expect((await get('/assets/any/base.css', ELSEWHERE)).status).toBe(401);
    const [, style = ''] = /<style>([^]*?)<\/style>/.exec(page) ?? [];
    expect(answered.headers.get('content-security-policy')).toContain(`'sha256-${hash('sha256', style, 'base64')}'`);
  });

  it.each([
    ['/', 'en-GB,en;q=0.9,zh;q=0.8', 'en-US'],
    ['/', 'fr, zh-TW;q=0.4, en;q=0.7', 'en-US'],
    ['/', 'en;q=0.5, zh-Hans-CN;q=0.6', 'zh-CN'],
    ['/', 'en;q=0, de', 'zh-CN'],
    ['/', 'en;q=, *', 'zh-CN'],
    ['/?lang=zh', 'en', 'zh-CN'],
    ['/?lang=fr', 'en', 'en-US'],
  ])('is answered at %s, preferring %s, in %s', async (path, languages, locale) => {
    const page = await (await get(path, { ...BROWSER, 'accept-language': languages })).text();
    expect(page).toContain(`<html lang="${locale}"`);
  });

  it('is nothing to an API client or an event stream, which get JSON', async () => {
    for (const accept of ['*/*', 'application/json', 'text/event-stream'])
      for (const path of ['/', '/api/v1/incidents', '/playground/events']) {
        const answered = await get(path, { ...ELSEWHERE, accept });
        expect([answered.status, await answered.json()]).toMatchObject([401, { code: 401, data: {} }]);
      }
  });

  it('is in nobody’s way on the machine itself', async () => {
    expect((await get('/', { accept: 'text/html' })).status).toBe(200);
  });
});
