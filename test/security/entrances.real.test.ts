import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, openBrowser } from '../support/browser.ts';
import { type Running, SERVER_READY, startProgram } from '../support/process.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'main.ts');

/** One secret for each setting that takes one, all of them easy to find where they should not be. */
const SECRETS = {
  ADMIN_TOKEN: 'canary-admin-token',
  METRICS_TOKEN: 'canary-metrics-token',
  SECRET_KEY: 'canary-secret-key-of-32-characters',
  ALERT_API_KEYS: 'canary-alert-key',
  ALERT_BASIC_AUTH: 'sender:canary-basic-password',
  ALERT_HMAC_SECRET: 'canary-hmac-secret',
} as const;

const HOSTILE = [
  '<script>window.__ran=1</script>',
  '"><img src=x onerror="window.__ran=1">',
  "' onmouseover='window.__ran=1' x='",
  '</title></style></textarea><svg onload=window.__ran=1>',
  '<a href="javascript:window.__ran=1">x</a>',
  '\u202etxt.exe\u202c\u200b',
  '<at id=all></at> @all [x](javascript:window.__ran=1)',
] as const;
const LINKS = ['javascript:window.__ran=1', 'data:text/html,<script>1</script>', 'https://a.example/"onmouseover="x'];

/** An alert that says `evil` wherever an alert can say something. */
const alertOf = (evil: string) => ({
  version: '4',
  status: 'firing',
  groupLabels: { alertname: evil },
  commonLabels: { [evil]: evil },
  externalURL: LINKS[0],
  alerts: [
    {
      status: 'firing',
      labels: { alertname: evil, severity: 'critical', instance: evil, namespace: evil, pod: evil },
      annotations: { summary: evil, description: evil, runbook_url: LINKS[1], dashboard_url: LINKS[2] },
      generatorURL: LINKS[0],
    },
  ],
});

const chromium = findChromium();

describe('the running server, with every credential set', () => {
  const folder = mkdtempSync(join(tmpdir(), 'zhiban-security-'));
  const admin = { authorization: `Bearer ${SECRETS.ADMIN_TOKEN}` };
  const json = { 'content-type': 'application/json' };
  let server: Running;
  let url: string;
  let incidents: readonly string[];

  beforeAll(async () => {
    const settings = { DATA_DIR: folder, PORT: '0', LOG_LEVEL: 'trace', LOCALE: 'en-US', STORM_PER_MINUTE: '1000' };
    server = await startProgram(MAIN, { ...settings, ...SECRETS }, { ready: SERVER_READY });
    url = `http://127.0.0.1:${server.port}`;
    for (const evil of HOSTILE) await alert(alertOf(evil), { 'x-api-key': SECRETS.ALERT_API_KEYS });
    await say('lin', HOSTILE.join(' '));
    await say('lin', `@zhiban /note 1 ${HOSTILE[0]}`);
    let shown = 0;
    for (let tries = 0; shown < HOSTILE.length && tries < 100; tries += 1) {
      await sleep(100);
      shown = (await page('/playground')).match(/class="card /g)?.length ?? 0;
    }
    const { data } = (await (await get('/api/v1/incidents', admin)).json()) as { data: { items: { id: string }[] } };
    incidents = data.items.map(({ id }) => id);
  });
  afterAll(async () => {
    await server.end();
    rmSync(folder, { recursive: true, force: true });
  });

  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(url + path, { headers, redirect: 'manual' });
  const page = async (path: string) => (await get(path, admin)).text();
  const alert = (body: unknown, headers: Record<string, string>) =>
    fetch(`${url}/api/alert`, { method: 'POST', headers: { ...json, ...headers }, body: JSON.stringify(body) });
  const say = (person: string, text: string) =>
    fetch(`${url}/playground/messages?as=${person}`, {
      method: 'POST',
      headers: { ...json, ...admin },
      body: JSON.stringify({ room: 'lobby', text, key: crypto.randomUUID() }),
    });
  const signIn = async (token: string) => {
    const answered = await fetch(`${url}/login`, {
      method: 'POST',
      body: new URLSearchParams({ token }),
      redirect: 'manual',
    });
    return { status: answered.status, cookie: (answered.headers.get('set-cookie') ?? '').split(';', 1)[0] ?? '' };
  };

  it.each([
    ['/', '/incidents', '/playground', '/playground/events', '/playground/rooms/lobby/threads'],
    ['/api/v1/incidents', '/API/V1/incidents', '//api/v1/incidents', '/api/v1/openapi.json', '/api//v1/targets'],
    ['/metrics', '/METRICS', '/metrics/', '//metrics', '/login/metrics', '/login/api/v1/incidents'],
    ['/assets/x/../../metrics', '/assets/x/..%2f..%2fpackage.json', '/assets/x/%2e%2e/%2e%2e/package.json'],
  ])('shows a stranger nothing at %s, %s, %s and the like', async (...paths) => {
    for (const path of paths)
      expect({ path, status: (await get(path)).status }).toEqual({ path, status: expect.toBeOneOf([401, 403, 404]) });
  });

  it('opens to one kind of credential only what that kind is for', async () => {
    const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
    expect((await get('/api/v1/incidents', bearer(SECRETS.ALERT_API_KEYS))).status).toBe(401);
    expect((await get('/api/v1/incidents', bearer(SECRETS.METRICS_TOKEN))).status).toBe(401);
    expect((await get(`/api/v1/incidents?token=${SECRETS.ADMIN_TOKEN}`)).status).toBe(401);
    expect((await get('/metrics', bearer(SECRETS.METRICS_TOKEN))).status).toBe(200);
    expect((await alert(alertOf('x'), bearer(SECRETS.ADMIN_TOKEN))).status).toBe(401);
  });

  it('leads a browser to the login page, which opens the console and no other site', async () => {
    const led = await get('/', { accept: 'text/html' });
    expect([led.status, led.headers.get('location')]).toEqual([302, '/login']);
    expect((await get('/login')).status).toBe(200);
    expect(await signIn('wrong')).toMatchObject({ status: 401, cookie: '' });
    const { status, cookie } = await signIn(SECRETS.ADMIN_TOKEN);
    expect(status).toBe(303);
    expect((await get('/playground', { cookie })).status).toBe(200);
    const from = (headers: Record<string, string>) =>
      fetch(`${url}/api/v1/silences`, { method: 'POST', headers: { cookie, ...json, ...headers }, body: '{}' });
    expect((await from({ origin: 'https://evil.example' })).status).toBe(401);
    expect((await from({ origin: url })).status).toBe(400);
  });

  it.skipIf(chromium === undefined && !process.env['CI'])(
    'runs nothing that an alert brought (needs chromium)',
    async () => {
      const browser = await openBrowser(chromium ?? 'chromium');
      try {
        const { cookie } = await signIn(SECRETS.ADMIN_TOKEN);
        await browser.context.addCookies([{ name: 'zhiban_session', value: cookie.split('=')[1] ?? '', url }]);
        const tab = await browser.context.newPage();
        const faults: string[] = [];
        tab.on('request', (request) => {
          if (![url, 'data:image/svg'].some((ours) => request.url().startsWith(ours))) faults.push(request.url());
        });
        tab.on('console', (message) => {
          if (message.type() === 'error') faults.push(`${message.text()} ${message.location().url}`);
        });
        const pages = ['/', '/incidents', '/playground', ...incidents.map((id) => `/incidents/${id}`)];
        for (const path of pages) {
          await tab.goto(url + path, { waitUntil: 'load' });
          for (const found of await tab.evaluate<readonly string[]>(FOREIGN)) faults.push(`${found} at ${path}`);
        }
        expect(faults).toEqual([]);
        expect(pages.length).toBeGreaterThan(HOSTILE.length);
      } finally {
        await browser.close();
      }
    },
  );

  it('tells no secret, to its log or to anybody', async () => {
    const named = await fetch(`${url}/api/v1/targets`, {
      method: 'POST',
      headers: { ...json, ...admin },
      body: JSON.stringify({
        channel: 'webhook',
        address: 'https://u:canary-url-password@hook.example/x?access_token=canary-url-token',
        secret: 'canary-target-secret',
        proxy: { url: 'http://p:canary-proxy-password@192.0.2.1:3128' },
      }),
    });
    const wrong = await alert(alertOf('x'), { 'x-api-key': `${SECRETS.ALERT_API_KEYS}-almost` });
    const told = [server.output(), await named.text(), await wrong.text(), await (await get('/readyz')).text()];
    for (const thing of ['targets', 'audit', 'integrations', 'deliveries', 'operators'])
      told.push(await page(`/api/v1/${thing}`));
    for (const path of ['/', '/incidents', '/playground', '/metrics', '/nothing', '/api/v1/nothing'])
      told.push(await page(path));
    expect(named.status).toBe(201);
    for (const text of told) expect(/canary-[\w-]+/.exec(text)?.[0]).toBeUndefined();
  });
});

/** What no page of ours has: scripts and attributes that did not come with it, and addresses that run something. */
const FOREIGN = String.raw`(() => {
  const found = '__ran' in globalThis ? ['a script ran'] : [];
  for (const element of document.querySelectorAll('*')) {
    const isOurs = element.localName === 'script' && element.src.startsWith(location.origin + '/');
    if (/^(?:script|iframe|object|embed|base)$/.test(element.localName) && !isOurs) found.push(element.outerHTML);
    for (const { name, value } of element.attributes)
      if (name.startsWith('on') || /^\s*(?:javascript|data:text)/i.test(value)) found.push(name + '=' + value);
  }
  return found;
})()`;
