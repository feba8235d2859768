import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { platformError } from '../simulators/lark/faults.ts';
import { eventually } from '../support/lark-app.ts';
import { type Practice, bad, openPractice } from './practice.ts';
import { runZhiban } from './zhiban.ts';

let practice: Practice;
beforeEach(async () => {
  practice = await openPractice();
});
afterEach(() => practice.close());

describe('zhiban doctor lark', () => {
  it('says what to do first when there is no app', async () => {
    const zh = await runZhiban({ DATA_DIR: practice.environment()['DATA_DIR'] ?? '' }, ['doctor', 'lark']);
    expect(zh.failure).toContain('没有设置 LARK_APP_ID');
    expect(zh.failure).toContain('凭证与基础信息');
  });

  it('finds nothing wrong where all is well, in either language', async () => {
    const chat = practice.lark.addChat('payments', [practice.lark.addUser('Li')]);
    for (const [LOCALE, scope] of [
      ['en-US', 'Obtain group information'],
      ['zh-CN', '获取群组信息'],
    ] as const) {
      const ran = await practice.doctor({ LOCALE, DEFAULT_TARGET: `lark:${chat.id}` });
      expect([bad(ran), ran.failure]).toEqual([[], undefined]);
      expect(ran.said).toContain(`im:chat:readonly`);
      expect(ran.said).toContain(scope);
      expect(ran.said).toContain(practice.lark.app.openId);
      expect(ran.said).toContain('payments');
    }
    expect(practice.lark.connections.opened()).toBe(2);
    await eventually(() => practice.lark.connections.open().length === 0);
  });

  it('never prints a secret', async () => {
    const keys = { LARK_ENCRYPT_KEY: 'the encrypt key', LARK_VERIFICATION_TOKEN: 'the verification token' };
    practice.lark.addChat('payments');
    const runs = [await practice.doctor(keys), await practice.doctor({ ...keys, LARK_APP_SECRET: 'a wrong secret' })];
    const said = runs.map((ran) => ran.said).join('\n');
    for (const secret of [practice.lark.app.secret, 'a wrong secret', ...Object.values(keys)])
      expect(said).not.toContain(secret);
    expect(said).not.toMatch(/\bt-\w{8}/u);
  });

  it('tells a wrong secret, and asks nothing more that needs a token', async () => {
    const ran = await practice.doctor({ LARK_APP_SECRET: 'wrong' });
    expect(bad(ran)).toEqual([
      expect.stringMatching(/credentials refused: .*10014.*copy LARK_APP_ID and LARK_APP_SECRET again/u),
      expect.stringMatching(/door of the long connection: credentials refused: 514 .*check LARK_APP_SECRET/u),
    ]);
    expect(ran.failure).toBe('2 things need attention.');
    expect(practice.lark.calls.filter(({ path }) => path.includes('/im/'))).toEqual([]);
  });

  it('tells an app of the other cloud by the door', async () => {
    practice.lark.endpoint.fail({ code: 1000040351, form: 'with-data' });
    expect(bad(await practice.doctor()).join()).toContain('LARK_DOMAIN=feishu|lark');
  });

  it.each([
    ['with-data', 1000040350, 'too many connections of this app'],
    ['without-data', 1000040346, 'unknown app: 1000040346 refused; check LARK_APP_ID'],
    ['http-400', 4711, 'refused: 4711 refused; choose the persistent connection'],
    ['http-500', 4711, 'busy: 4711 refused; try again shortly'],
  ] as const)('tells a door that is shut, answered %s', async (form, code, told) => {
    practice.lark.endpoint.fail({ code, form });
    expect(bad(await practice.doctor()).join()).toContain(told);
  });

  it('tells that nobody answers', async () => {
    const ran = await practice.doctor({ LARK_DOMAIN: 'http://127.0.0.1:9' });
    expect(bad(ran)[0]).toMatch(/http:\/\/127\.0\.0\.1:9 does not answer: .*ECONNREFUSED/u);
    practice.lark.outage('answering-503');
    expect(bad(await practice.doctor())[0]).toContain('does not answer');
  });

  it('tells a bot that is off, or not in use', async () => {
    practice.lark.faults.next('/bot/v3/info', platformError(230006, 'Bot ability is not activated.'));
    expect(bad(await practice.doctor()).join()).toContain('the bot ability is off');
    practice.lark.faults.next('/bot/v3/info', {
      kind: 'answer',
      answer: { status: 200, body: { code: 0, bot: { open_id: 'ou_1', app_name: 'Z', activate_status: 1 } } },
    });
    expect(bad(await practice.doctor()).join()).toContain('activate_status 1');
  });

  it('ends at once when it is interrupted while the platform thinks', async () => {
    practice.lark.faults.next('tenant_access_token', { kind: 'slow', ms: 30_000 });
    const stopping = new AbortController();
    const running = practice.doctor({}, [], { interrupted: () => stopping.signal });
    await eventually(() => practice.lark.calls.length > 0);
    const since = performance.now();
    stopping.abort();
    expect((await running).failure).toBe('Stopped.');
    expect(performance.now() - since).toBeLessThan(10_000);
  });

  it('prints a group’s name without what a terminal would obey', async () => {
    practice.lark.addChat('pay\u001b[2J\nments\u202e');
    expect((await practice.doctor()).said).toContain('group pay [2J ments (oc_');
  });
});
