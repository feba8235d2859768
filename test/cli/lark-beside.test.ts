import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type LarkAppUnderTest, eventually, startLarkApp } from '../support/lark-app.ts';
import { larkEnvironment, larkKeys } from '../support/lark-environment.ts';
import { bad } from './practice.ts';
import { type Ran, runZhiban } from './zhiban.ts';

let dataDir = '';
let app: LarkAppUnderTest | undefined;
afterEach(async () => {
  await app?.close();
  app = undefined;
  rmSync(dataDir, { recursive: true, force: true });
});

/** A server, and the environment of a shell on the same machine. */
async function serve(mode: 'websocket' | 'webhook') {
  dataDir = mkdtempSync(join(tmpdir(), 'zhiban-beside-'));
  let chatId = '';
  const started = await startLarkApp({
    mode,
    environment: { DATA_DIR: dataDir },
    prepare: (lark) => {
      chatId = lark.addChat('payments', [lark.addUser('Li')]).id;
      return { DEFAULT_TARGET: `lark:${chatId}` };
    },
  });
  app = started;
  const { lark, url } = started;
  const environment = {
    DATA_DIR: dataDir,
    LOCALE: 'en-US',
    PORT: new URL(url).port,
    PUBLIC_URL: url,
    ...larkEnvironment(lark),
    LARK_MODE: mode,
    DEFAULT_TARGET: `lark:${chatId}`,
    ...(mode === 'webhook' && larkKeys(lark)),
  };
  const doctor = (args: readonly string[] = [], more: Readonly<Record<string, string>> = {}): Promise<Ran> =>
    runZhiban({ ...environment, ...more }, ['doctor', 'lark', ...args]);
  return { lark, url, chatId, doctor };
}

describe('zhiban doctor lark beside a server', () => {
  it('opens no second connection, and finds the press that the server took', async () => {
    const { lark, chatId, doctor } = await serve('websocket');
    const running = doctor(['--chat', chatId, '--send']);
    await eventually(() => lark.messages(chatId).some(({ card }) => JSON.stringify(card).includes('press_test')));
    const card = lark.messages(chatId).find((message) => JSON.stringify(message.card).includes('press_test'));
    const [li] = lark.world.users.values();
    if (card === undefined || li === undefined) throw new Error('nobody could press');
    expect(await lark.press({ user: li, messageId: card.id })).toMatchObject({
      toast: { content: 'Your press arrived' },
    });
    const ran = await running;
    expect([bad(ran), ran.failure]).toEqual([[], undefined]);
    expect(ran.said).toContain('holds the long connection');
    expect(ran.said).toContain(`the press arrived, from lark:${li.openId}`);
    expect(lark.connections.opened()).toBe(1);
  });

  it('tells what keeps the server’s connection away', async () => {
    const { lark, doctor } = await serve('websocket');
    lark.endpoint.fail({ code: 1000040350, form: 'with-data' });
    lark.connections.drop();
    await eventually(async () => bad(await doctor()).some((line) => line.includes('has no long connection')));
    expect(bad(await doctor()).join()).toContain('too many connections of this app');
  });

  it('asks the webhook addresses what the console asks', async () => {
    const { url, doctor } = await serve('webhook');
    const well = await doctor();
    expect([bad(well), well.failure]).toEqual([[], undefined]);
    expect(well.said).toContain(`${url}/lark/event answers the challenge`);
    expect(well.said).toContain(`${url}/lark/card/action answers the challenge`);
    const otherKey = await doctor([], { LARK_ENCRYPT_KEY: 'another key' });
    expect(bad(otherKey)).toEqual([expect.stringContaining('/lark/event answers 401'), expect.stringContaining('401')]);
    const otherPath = await doctor([], { PUBLIC_URL: `${url}/below` });
    expect(bad(otherPath)[0]).toContain('the reverse proxy does not pass this path');
    const nobody = await doctor([], { PUBLIC_URL: 'http://127.0.0.1:9' });
    expect(bad(nobody)[0]).toContain('does not answer: is the server running');
  });

  it('says that the platform reaches no address of this machine', async () => {
    const { doctor } = await serve('webhook');
    expect((await doctor([], { LARK_DOMAIN: 'http://platform.invalid' })).said).toContain('the platform cannot reach');
  });
});
