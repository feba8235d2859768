import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { platformError } from '../simulators/lark/faults.ts';
import { eventually } from '../support/lark-app.ts';
import { type Practice, bad, openPractice } from './practice.ts';

let practice: Practice;
beforeEach(async () => {
  practice = await openPractice();
});
afterEach(() => practice.close());

describe('zhiban doctor lark, on groups', () => {
  it('says where the bot is, where it is not, and that nothing is sent there', async () => {
    const empty = await practice.doctor();
    expect(bad(empty)).toEqual([
      expect.stringContaining('the bot is in no group'),
      expect.stringContaining('no incident reaches Lark'),
    ]);
    const chat = practice.lark.addChat('payments');
    expect((await practice.doctor()).said).toContain(`group payments (${chat.id}): not known here yet`);
    const elsewhere = await practice.doctor({}, ['--chat', 'oc_elsewhere']);
    expect(bad(elsewhere).join()).toContain('the bot is not in oc_elsewhere');
    expect((await practice.doctor({}, ['--chat', 'lobby'])).failure).toContain('begin with oc_');
    expect((await practice.doctor({}, ['--send'])).failure).toContain('needs --chat');
  });
});

describe('zhiban doctor lark --chat … --send', () => {
  it('waits for the press itself where no server runs, and leaves other events to be repeated', async () => {
    const li = practice.lark.addUser('Li');
    const chat = practice.lark.addChat('payments', [li]);
    const running = practice.doctor({ DEFAULT_TARGET: `lark:${chat.id}` }, ['--chat', chat.id, '--send']);
    await eventually(() => practice.lark.messages(chat.id).length === 1);
    const heard = await practice.lark.people.says({ chat, from: li, text: '@bot /status' });
    expect(heard.first.problem).toBe('refused');
    const [card] = practice.lark.messages(chat.id);
    const other = { action: 'ack', incident_id: 'INC-20261122-001' };
    const pressed = await practice.lark.people.push('card.action.trigger', {
      operator: { open_id: li.openId },
      action: { value: other, tag: 'button' },
    });
    expect(pressed.first.problem).toBeUndefined();
    const outcome = await practice.lark.press({ user: li, messageId: card?.id ?? '' });
    expect(outcome).toMatchObject({ toast: { content: 'Your press arrived' } });
    const ran = await running;
    expect(ran.failure).toBeUndefined();
    expect(ran.said).toContain(`--role admin --id lark:${li.openId}`);
    await eventually(() => practice.lark.connections.open().length === 0);
  });

  it('ends cleanly when somebody interrupts it', async () => {
    const chat = practice.lark.addChat('payments');
    const stopping = new AbortController();
    const running = practice.doctor({}, ['--chat', chat.id, '--send'], { interrupted: () => stopping.signal });
    await eventually(() => practice.lark.messages(chat.id).length === 1);
    stopping.abort();
    expect((await running).failure).toBe('Stopped.');
    await eventually(() => practice.lark.connections.open().length === 0);
  });

  it('says why a card could not be sent', async () => {
    const chat = practice.lark.addChat('payments');
    practice.lark.faults.next(
      'POST /open-apis/im/v1/messages',
      platformError(230027, 'Lack of necessary permissions.'),
    );
    expect(bad(await practice.doctor({}, ['--chat', chat.id, '--send'])).join()).toContain(
      'Lack of necessary permissions',
    );
  });
});
