import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { platformError } from '../simulators/lark/faults.ts';
import { type Practice, bad, openPractice } from './practice.ts';
import { runZhiban } from './zhiban.ts';

let practice: Practice;
beforeEach(async () => {
  practice = await openPractice();
});
afterEach(() => practice.close());

describe('zhiban doctor lark, on scopes', () => {
  it('names each scope that is missing, and what it is for', async () => {
    practice.lark.scopes.delete('im:message.p2p_msg:readonly');
    practice.lark.scopes.set('im:message:send_as_bot', false);
    practice.lark.scopes.delete('im:message.reactions:read');
    const ran = await practice.doctor({
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
    expect(scopes[1]).toContain(`${practice.lark.url}/app/${practice.lark.app.id}/auth`);
    expect(ran.said).toMatch(/^- {3}scope im:message\.reactions:read/mu);
    expect((await practice.doctor()).said).not.toContain('im:message.urgent');
  });

  it('takes older scopes for the newer ones', async () => {
    practice.lark.addChat('payments');
    practice.lark.scopes.clear();
    for (const name of ['im:message', 'im:message.group_at_msg', 'im:message.p2p_msg', 'im:chat'])
      practice.lark.scopes.set(name, true);
    expect(bad(await practice.doctor()).filter((line) => line.includes('scope '))).toEqual([]);
  });

  it('knows missing scopes by the calls where the platform does not list them', async () => {
    practice.lark.addChat('payments');
    const denied = 'Access denied. One of the following scopes is required: [im:chat:readonly, im:chat].';
    practice.lark.faults.next('/application/v6/scopes', platformError(99991201, 'resource not find', 404));
    practice.lark.faults.next('GET /open-apis/im/v1/chats', platformError(99991672, denied));
    const ran = await practice.doctor();
    expect(ran.said).toMatch(/^\? {3}the platform does not list the scopes/mu);
    expect(bad(ran)).toEqual([expect.stringContaining('one of these scopes is missing: im:chat:readonly, im:chat;')]);
    practice.lark.faults.next('/members', platformError(99991679, denied, 200));
    expect(bad(await practice.doctor({ DEFAULT_TARGET: 'lark:oc_x' })).join()).toContain(
      'listing the members is refused',
    );
  });

  it('counts its own calls', async () => {
    await practice.doctor();
    const usage = await runZhiban(practice.environment({ LARK_MONTHLY_CALLS: '10000' }), ['usage', 'lark']);
    const open = practice.lark.calls.filter(({ path }) => path.startsWith('/open-apis/')).length;
    expect(usage.lines[0]).toMatch(new RegExp(`^\\d{4}-\\d{2}: ${open} of 10000 calls$`, 'u'));
  });
});
