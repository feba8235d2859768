import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import express from 'express';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openAssets } from '../../src/console/assets.ts';
import { createLogin } from '../../src/console/login.ts';
import { createSessions } from '../../src/console/session.ts';
import { createAttempts } from '../../src/http/attempts.ts';
import { createPeers } from '../../src/http/peer.ts';

const TOKEN = 'the-admin-token-of-this-test';

/** Mounted as the application mounts it: each handler at its own address. */
async function openLogin() {
  const clock = { time: 1_795_309_200_000, now: () => clock.time };
  const sessions = createSessions({ clock, secretKey: 'k'.repeat(32), adminToken: TOKEN, secure: true });
  const { judge } = createAttempts(clock, createPeers(['127.0.0.1'], []));
  const { login, logout } = createLogin({ sessions, assets: openAssets(), judge, locale: 'en-US' });
  const server = express().use('/login', login).use('/logout', logout).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const send = (token: string, from = '198.51.100.7') =>
    fetch(`${url}/login`, {
      method: 'POST',
      body: new URLSearchParams({ token }),
      headers: { 'x-forwarded-for': from },
      redirect: 'manual',
    });
  const isOpen = (cookie: string) => sessions.isOpen({ headers: { cookie } } as Parameters<typeof sessions.isOpen>[0]);
  return { clock, url, send, isOpen };
}

describe('signing in', () => {
  it('is served where the form sends it, and opens a session that no script and no other site can use', async () => {
    const { url, send, isOpen } = await openLogin();
    expect(await (await fetch(`${url}/login`)).text()).toContain('action="/login"');
    const opened = await send(TOKEN);
    expect([opened.status, opened.headers.get('location')]).toEqual([303, '/']);
    const cookie = opened.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/HttpOnly; SameSite=Strict; Max-Age=\d+; Secure/);
    expect(isOpen(cookie.split(';', 1)[0] ?? '')).toBe(true);
  });

  it('looks like the rest: its style sheets know every class of its page', async () => {
    const { url } = await openLogin();
    const page = await (await fetch(`${url}/login`)).text();
    const names = [...page.matchAll(/class="([^"]+)"/g)].flatMap(([, list]) => list?.split(' ') ?? []);
    const folder = join(import.meta.dirname, '../../public');
    const styles = ['base.css', 'card.css', 'console.css']
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join('');
    expect(names).toContain('login');
    expect(names.filter((name) => !new RegExp(`\\.${name}(?![\\w-])`).test(styles) && name !== 'console')).toEqual([]);
  });

  it('is offered in the language of the address, then of the browser', async () => {
    const { url } = await openLogin();
    const asked = async (path: string, languages: string) =>
      (await fetch(`${url}${path}`, { headers: { 'accept-language': languages } })).text();
    expect(await asked('/login', 'zh-TW,zh;q=0.9')).toContain('<html lang="zh-CN"');
    expect(await asked('/login?lang=en', 'zh-CN')).toContain('<html lang="en-US"');
    expect(await asked('/login', 'de')).toContain('<html lang="en-US"');
  });

  it('signing out ends the cookie', async () => {
    const { url } = await openLogin();
    const closed = await fetch(`${url}/logout`, { redirect: 'manual' });
    expect([closed.status, closed.headers.get('location')]).toEqual([303, '/login']);
    expect(closed.headers.get('set-cookie')).toContain('Max-Age=0');
  });

  it('strangers who guess are told nothing more after twenty wrong tokens, and lock no one out', async () => {
    const { clock, send } = await openLogin();
    const statuses: number[] = [];
    for (let n = 0; n < 22; n += 1) statuses.push((await send(`guess-${n}`)).status);
    expect(statuses).toEqual([...Array.from({ length: 20 }, () => 401), 429, 429]);
    const refused = await send(TOKEN);
    expect([refused.status, refused.headers.get('set-cookie'), refused.headers.get('retry-after')]).toEqual([
      429,
      null,
      '60',
    ]);
    expect((await send(TOKEN, '192.0.2.1')).status).toBe(303);
    clock.time += 60_000;
    expect((await send('guess')).status).toBe(401);
  });

  it('whoever has signed in before from where somebody guesses can do so again', async () => {
    const { send } = await openLogin();
    expect((await send(TOKEN)).status).toBe(303);
    for (let n = 0; n < 22; n += 1) await send(`guess-${n}`);
    expect((await send(TOKEN)).status).toBe(303);
  });

  it.each([
    ['a later expiry', (value: string) => value.replace(/^\d/, '9')],
    ['no signature', (value: string) => value.replace(/\..*/, '')],
    ['an empty signature', (value: string) => value.replace(/\..*/, '.')],
    ['another signature', (value: string) => `${value.slice(0, -3)}AAA`],
    ['words for a time', (value: string) => value.replace(/^\d+/, 'Infinity')],
    ['nothing', () => ''],
  ])('a cookie with %s opens nothing', async (_name, forge) => {
    const { send, isOpen } = await openLogin();
    const value = /zhiban_session=([^;]+)/.exec((await send(TOKEN)).headers.get('set-cookie') ?? '')?.[1] ?? '';
    expect(isOpen(`zhiban_session=${value}`)).toBe(true);
    expect(isOpen(`zhiban_session=${forge(value)}`)).toBe(false);
  });

  it('a session ends with its hours', async () => {
    const { clock, send, isOpen } = await openLogin();
    const cookie = ((await send(TOKEN)).headers.get('set-cookie') ?? '').split(';', 1)[0] ?? '';
    clock.time += 12 * 3_600_000 + 1;
    expect(isOpen(cookie)).toBe(false);
  });
});
