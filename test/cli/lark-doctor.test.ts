import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CliDeps } from '../../src/cli/command.ts';
import { platformError } from '../simulators/lark/faults.ts';
import { type LarkSimulator, startLarkSimulator } from '../simulators/lark/simulator.ts';
import { eventually } from '../support/lark-app.ts';
import { type Ran, runZhiban } from './zhiban.ts';

let lark: LarkSimulator;
let dataDir: string;
beforeEach(async () => {
  lark = await startLarkSimulator();
  dataDir = mkdtempSync(join(tmpdir(), 'zhiban-doctor-'));
});
afterEach(async () => {
  await lark.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

type Environment = Readonly<Record<string, string>>;

const environment = (more: Environment = {}): Environment => ({
  PORT: '0',
  DATA_DIR: dataDir,
  LOCALE: 'en-US',
  LARK_APP_ID: lark.app.id,
  LARK_APP_SECRET: lark.app.secret,
  LARK_DOMAIN: lark.url,
  ...more,
});

const doctor = (more: Environment = {}, args: readonly string[] = [], edges: Partial<CliDeps> = {}): Promise<Ran> =>
  runZhiban(environment(more), ['doctor', 'lark', ...args], edges);

const bad = ({ lines }: Ran): readonly string[] => lines.filter((line) => line.startsWith('BAD '));

describe('zhiban doctor lark', () => {
  it('says what to do first when there is no app', async () => {
    const zh = await runZhiban({ DATA_DIR: dataDir }, ['doctor', 'lark']);
    expect(zh.failure).toContain('没有设置 LARK_APP_ID');
    expect(zh.failure).toContain('凭证与基础信息');
  });

  it('finds nothing wrong where all is well, in either language', async () => {
    const chat = lark.addChat('payments', [lark.addUser('Li')]);
    for (const [LOCALE, scope] of [
      ['en-US', 'Obtain group information'],
      ['zh-CN', '获取群组信息'],
    ] as const) {
      const ran = await doctor({ LOCALE, DEFAULT_TARGET: `lark:${chat.id}` });
      expect([bad(ran), ran.failure]).toEqual([[], undefined]);
      expect(ran.said).toContain(`im:chat:readonly`);
      expect(ran.said).toContain(scope);
      expect(ran.said).toContain(lark.app.openId);
      expect(ran.said).toContain('payments');
    }
    expect(lark.connections.opened()).toBe(2);
    await eventually(() => lark.connections.open().length === 0);
  });

  it('never prints a secret', async () => {
    const keys = { LARK_ENCRYPT_KEY: 'the encrypt key', LARK_VERIFICATION_TOKEN: 'the verification token' };
    lark.addChat('payments');
    const runs = [await doctor(keys), await doctor({ ...keys, LARK_APP_SECRET: 'a wrong secret' })];
    const said = runs.map((ran) => ran.said).join('\n');
    for (const secret of [lark.app.secret, 'a wrong secret', ...Object.values(keys)]) expect(said).not.toContain(secret);
    expect(said).not.toMatch(/\bt-\w{8}/u);
  });

  it('tells a wrong secret, and asks nothing more that needs a token', async () => {
    const ran = await doctor({ LARK_APP_SECRET: 'wrong' });
    expect(bad(ran)).toEqual([
      expect.stringMatching(/credentials refused: .*10014.*copy LARK_APP_ID and LARK_APP_SECRET again/u),
      expect.stringMatching(/door of the long connection: credentials refused: 514 .*check LARK_APP_SECRET/u),
    ]);
    expect(ran.failure).toBe('2 things need attention.');
    expect(lark.calls.filter(({ path }) => path.includes('/im/'))).toEqual([]);
  });

  it('tells an app of the other cloud by the door', async () => {
    lark.endpoint.fail({ code: 1000040351, form: 'with-data' });
    expect(bad(await doctor()).join()).toContain('LARK_DOMAIN=feishu|lark');
  });

  it.each(['with-data', 'without-data', 'http-400', 'http-500'] as const)(
    'tells a door that is shut, answered %s',
    async (form) => {
      lark.addChat('payments');
      lark.endpoint.fail({ code: 1000040350, form });
      expect(bad(await doctor()).join()).toContain('too many connections of this app');
      lark.endpoint.fail({ code: 4711, form });
      expect(bad(await doctor()).join()).toMatch(/door of the long connection: (?:refused|busy): 4711/u);
    },
  );

  it('tells that nobody answers', async () => {
    const ran = await doctor({ LARK_DOMAIN: 'http://127.0.0.1:9' });
    expect(bad(ran)[0]).toMatch(/http:\/\/127\.0\.0\.1:9 does not answer: .*ECONNREFUSED/u);
    lark.outage('answering-503');
    expect(bad(await doctor())[0]).toContain('does not answer');
  });

  it('tells a bot that is off, or not in use', async () => {
    lark.faults.next('/bot/v3/info', platformError(230006, 'Bot ability is not activated.'));
    expect(bad(await doctor()).join()).toContain('the bot ability is off');
    lark.faults.next('/bot/v3/info', {
      kind: 'answer',
      answer: { status: 200, body: { code: 0, bot: { open_id: 'ou_1', app_name: 'Z', activate_status: 1 } } },
    });
    expect(bad(await doctor()).join()).toContain('activate_status 1');
  });

  it('names each scope that is missing, and what it is for', async () => {
    lark.scopes.delete('im:message.p2p_msg:readonly');
    lark.scopes.set('im:message:send_as_bot', false);
    lark.scopes.delete('im:message.reactions:read');
    const ran = await doctor({
      ALERT_BOT_IDS: 'cli_0123456789abcdef',
      LARK_URGENT_AFTER: '10m',
      LARK_URGENT_STEPS: 'app,phone',
    });
    const scopes = bad(ran).filter((line) => line.includes('scope '));
    expect(scopes.map((line) => /scope (\S+)/u.exec(line)?.[1])).toEqual([
      'im:message:send_as_bot',
      'im:message.p2p_msg:readonly',
      'im:message.group_at_msg.include_bot:readonly',
      'im:message.urgent',
      'im:message.urgent:phone',
    ]);
    expect(scopes[0]).toContain('was asked for and not granted');
    expect(scopes[1]).toContain('direct messages are not heard');
    expect(scopes[1]).toContain(`${lark.url}/app/${lark.app.id}/auth`);
    expect(ran.said).toMatch(/^- {3}scope im:message\.reactions:read/mu);
    expect((await doctor()).said).not.toContain('im:message.urgent');
  });

  it('takes older scopes for the newer ones', async () => {
    lark.addChat('payments');
    lark.scopes.clear();
    for (const name of ['im:message', 'im:message.group_at_msg', 'im:message.p2p_msg', 'im:chat'])
      lark.scopes.set(name, true);
    expect(bad(await doctor()).filter((line) => line.includes('scope '))).toEqual([]);
  });

  it('knows missing scopes by the calls where the platform does not list them', async () => {
    lark.addChat('payments');
    const denied = 'Access denied. One of the following scopes is required: [im:chat:readonly, im:chat].';
    lark.faults.next('/application/v6/scopes', platformError(99991201, 'resource not find', 404));
    lark.faults.next('GET /open-apis/im/v1/chats', platformError(99991672, denied));
    const ran = await doctor();
    expect(ran.said).toMatch(/^\? {3}the platform does not list the scopes/mu);
    expect(bad(ran)).toEqual([expect.stringContaining('one of these scopes is missing: im:chat:readonly, im:chat;')]);
    lark.faults.next('/members', platformError(99991679, denied, 200));
    expect(bad(await doctor({ DEFAULT_TARGET: 'lark:oc_x' })).join()).toContain('listing the members is refused');
  });

  it('counts its own calls', async () => {
    await doctor();
    const usage = await runZhiban(environment({ LARK_MONTHLY_CALLS: '10000' }), ['usage', 'lark']);
    const open = lark.calls.filter(({ path }) => path.startsWith('/open-apis/')).length;
    expect(usage.lines[0]).toMatch(new RegExp(`^\\d{4}-\\d{2}: ${open} of 10000 calls$`, 'u'));
  });
});

describe('zhiban doctor lark, on groups', () => {
  it('says where the bot is, where it is not, and that nothing is sent there', async () => {
    const empty = await doctor();
    expect(bad(empty)).toEqual([
      expect.stringContaining('the bot is in no group'),
      expect.stringContaining('no incident reaches Lark'),
    ]);
    const chat = lark.addChat('payments');
    expect((await doctor()).said).toContain(`group payments (${chat.id}): not known here yet`);
    const elsewhere = await doctor({}, ['--chat', 'oc_elsewhere']);
    expect(bad(elsewhere).join()).toContain('the bot is not in oc_elsewhere');
    expect((await doctor({}, ['--chat', 'lobby'])).failure).toContain('begin with oc_');
    expect((await doctor({}, ['--send'])).failure).toContain('needs --chat');
  });
});

describe('zhiban doctor lark --chat … --send', () => {
  it('waits for the press itself where no server runs, and leaves other events to be repeated', async () => {
    const li = lark.addUser('Li');
    const chat = lark.addChat('payments', [li]);
    const running = doctor({ DEFAULT_TARGET: `lark:${chat.id}` }, ['--chat', chat.id, '--send']);
    await eventually(() => lark.messages(chat.id).length === 1);
    const heard = await lark.people.says({ chat, from: li, text: '@bot /status' });
    expect(heard.first.reply.ok).toBe(false);
    const [card] = lark.messages(chat.id);
    const outcome = await lark.press({ user: li, messageId: card?.id ?? '' });
    expect(outcome).toMatchObject({ toast: { content: 'Your press arrived' } });
    const ran = await running;
    expect(ran.failure).toBeUndefined();
    expect(ran.said).toContain(`--role admin --id lark:${li.openId}`);
    await eventually(() => lark.connections.open().length === 0);
  });

  it('ends cleanly when somebody interrupts it', async () => {
    const chat = lark.addChat('payments');
    const stopping = new AbortController();
    const running = doctor({}, ['--chat', chat.id, '--send'], { interrupted: () => stopping.signal });
    await eventually(() => lark.messages(chat.id).length === 1);
    stopping.abort();
    expect((await running).failure).toBe('Stopped.');
    await eventually(() => lark.connections.open().length === 0);
  });

  it('says why a card could not be sent', async () => {
    const chat = lark.addChat('payments');
    lark.faults.next('POST /open-apis/im/v1/messages', platformError(230027, 'Lack of necessary permissions.'));
    expect(bad(await doctor({}, ['--chat', chat.id, '--send'])).join()).toContain('Lack of necessary permissions');
  });
});
