import { beforeEach, describe, expect, it } from 'vitest';
import type { Context, Right } from '../../src/operations/operation.ts';
import { createPerform } from '../../src/operations/perform.ts';
import { OPERATIONS, findOperation } from '../../src/operations/table.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { type Fakes, NOW, contextWith, createFakes, incidentWith, targetWith } from './fakes.ts';

const INCIDENT = 'INC-20261122-003';

let fakes: Fakes;
let metrics: ReturnType<typeof createMetrics>;
beforeEach(() => {
  fakes = createFakes();
  metrics = createMetrics();
});

async function perform(name: string, input: unknown, context: Partial<Context> = {}) {
  const operation = findOperation(name);
  if (operation === undefined) throw new Error(`no operation ${name}`);
  const run = createPerform({ ports: fakes.ports, log: createLog('silent', []), metrics });
  return run(operation, input, contextWith(context));
}

describe('the table', () => {
  it('has every command and every Chinese word once', () => {
    const slashes = OPERATIONS.flatMap(({ chat }) => chat?.slash ?? []);
    const words = OPERATIONS.flatMap(({ chat }) => chat?.chinese ?? []);
    expect(new Set(slashes).size).toBe(slashes.length);
    expect(new Set(words).size).toBe(words.length);
    expect(slashes.toSorted()).toEqual(
      (
        'ack alert assign bind confirm diagnose help incident incidents lang link note oncall reject reopen report ' +
        'resolve runbook silence silences status stop test unbind unsilence usage why'
      ).split(' '),
    );
  });

  it('knows every button of a card', () => {
    const actions = 'ack confirm_diagnosis reject_diagnosis rediagnose resolve reopen silence assign show'.split(' ');
    expect(actions.filter((action) => findOperation(action) === undefined)).toEqual([]);
  });

  it('takes a press on a test card from anybody, says so, and leaves a trace by which it is found', async () => {
    const pressed = await perform('press_test', { code: 'K7' }, { right: 'guest' });
    expect(pressed).toMatchObject({ ok: true, answer: { brief: 'Your press arrived' } });
    expect(fakes.audited).toMatchObject([{ operation: 'press_test', outcome: 'ok', detail: '{"code":"K7"}' }]);
  });

  it('has an example that its own parser understands', () => {
    const said = { channel: 'playground', mentions: [{ id: 'alice', name: 'alice' }] };
    const broken = OPERATIONS.filter(({ chat }) => {
      if (chat === undefined) return false;
      const [, ...words] = chat.example.split(' ');
      const rest = (chat.takes.startsWith('incident') ? words.slice(1) : words).join(' ');
      return chat.parse(rest === '' ? [] : rest.split(' '), rest, said) === undefined;
    });
    expect(broken.map(({ name }) => name)).toEqual([]);
  });
});

/** As the contract lists them; what has no word there has one of its own. */
const CHINESE = {
  help: '帮助',
  status: '状态',
  incidents: '故障',
  ack: '认领',
  assign: '指派',
  note: '备注',
  diagnose: '诊断',
  confirm: '确认',
  reject: '否决',
  resolve: '解决',
  reopen: '重开',
  silence: '静默',
  why: '为什么',
  oncall: '值班',
  report: '报表',
  usage: '用量',
  test: '测试',
  bind: '绑定',
  runbook: '手册',
};

it('every command has its Chinese word', () => {
  const words = Object.fromEntries(OPERATIONS.flatMap(({ chat }) => (chat ? [[chat.slash, chat.chinese]] : [])));
  expect(words).toMatchObject(CHINESE);
  expect(Object.values(words).filter((word) => !/^\p{Script=Han}+$/u.test(word))).toEqual([]);
});

const NEEDED: Readonly<Record<string, Right>> = {
  help: 'guest',
  lang: 'guest',
  link: 'guest',
  press_test: 'guest',
  ack: 'reader',
  note: 'reader',
  diagnose: 'reader',
  status: 'reader',
  incidents: 'reader',
  why: 'reader',
  alert: 'reader',
  silences: 'reader',
  incident: 'reader',
  show: 'reader',
  report: 'reader',
  oncall: 'reader',
  usage: 'reader',
  runbook: 'reader',
  stop: 'reader',
  assign: 'responder',
  resolve: 'responder',
  reopen: 'responder',
  silence: 'responder',
  unsilence: 'responder',
  confirm: 'responder',
  reject: 'responder',
  bind: 'admin',
  unbind: 'admin',
  test: 'admin',
};

describe('rights', () => {
  const inputs: Readonly<Record<string, object>> = { note: { text: 'x' }, alert: { text: '告警' } };
  const ranks: readonly Right[] = ['guest', 'reader', 'responder', 'admin'];

  it('are settled for everything that can be done', () => {
    expect(Object.keys(NEEDED).toSorted()).toEqual(OPERATIONS.map(({ name }) => name).toSorted());
  });

  it.each(Object.entries(NEEDED))('%s needs a %s', async (name, needed) => {
    for (const right of ranks) {
      const outcome = await perform(name, { incident: INCIDENT, ...inputs[name] }, { right });
      const refused = !outcome.ok && outcome.code === 'forbidden';
      expect([right, refused]).toEqual([right, ranks.indexOf(right) < ranks.indexOf(needed)]);
    }
  });

  it('keeps silences by matchers for admins', async () => {
    const input = { matchers: [{ name: 'service', op: '=', value: 'pay' }], duration: '2h' };
    expect(await perform('silence', input)).toMatchObject({ ok: false, code: 'forbidden' });
    expect(await perform('silence', input, { right: 'admin' })).toMatchObject({ ok: true });
    expect(fakes.silences).toMatchObject([{ endsAt: NOW + 7_200_000 }]);
  });

  it('answers an admin command with the line that names the first admin, while there is none on this channel', async () => {
    const before = await perform('bind', { matchers: [] });
    expect(before.answer.brief).toContain('zhiban operators add Alice --role admin --id playground:alice');
    fakes.operators = [{ id: 'o', name: 'Root', role: 'admin', ids: ['lark:ou_r'], createdAt: 0 }];
    expect((await perform('bind', { matchers: [] })).answer.brief).toContain('zhiban operators add');
    fakes.operators = [{ id: 'o', name: 'Root', role: 'admin', ids: ['playground:root'], createdAt: 0 }];
    const after = await perform('bind', { matchers: [] });
    expect(after.answer.brief).not.toContain('zhiban operators');
    expect(fakes.bindings).toEqual([]);
  });

  it('approves a chat that waits, once: a card pressed later changes nothing that was chosen since', async () => {
    fakes.targets.push(targetWith({ id: 't2', name: 'SRE', channel: 'lark', address: 'oc_2', pending: true }));
    const approve = () => perform('bind', { target: 't2' }, { right: 'admin' });
    expect(await approve()).toMatchObject({ ok: true, answer: { brief: 'SRE is approved and gets every incident' } });
    fakes.bindings.length = 0;
    expect(await approve()).toMatchObject({ ok: false, code: 'already' });
    expect(fakes.bindings).toEqual([]);
  });

  it('approves again what ended half-way', async () => {
    fakes.targets.push(targetWith({ id: 't2', pending: true }));
    const { bindings } = fakes.ports;
    const { add } = bindings;
    Object.assign(bindings, { add: () => Promise.reject(new Error('disk full')) });
    await expect(perform('bind', { target: 't2' }, { right: 'admin' })).rejects.toThrow('disk full');
    Object.assign(bindings, { add });
    expect(await perform('bind', { target: 't2' }, { right: 'admin' })).toMatchObject({ ok: true });
    expect(fakes.bindings).toMatchObject([{ targetId: 't2' }]);
  });

  it('puts no name into that line that a shell would understand', async () => {
    const actor = { id: 'playground:x', name: '$(reboot)', via: 'playground' };
    expect((await perform('bind', {}, { actor })).answer.brief).toContain('operators add NAME ');
  });
});

describe('actions on incidents', () => {
  it('passes on who, where from and the key that makes it happen once', async () => {
    await perform('ack', { incident: '3' }, { inboundKey: 'playground:m1', pressed: true });
    expect(fakes.asked).toMatchObject([
      {
        id: INCIDENT,
        action: { kind: 'acknowledge' },
        context: { actor: { id: 'playground:alice' }, inboundKey: 'playground:m1', pressedTargetId: 't1' },
      },
    ]);
  });

  it('assigns to whoever asks when nobody is named, and to a person by any of their names', async () => {
    fakes.operators = [{ id: 'o1', name: 'Bob', role: 'responder', ids: ['lark:ou_b'], createdAt: 0 }];
    await perform('assign', { incident: INCIDENT });
    await perform('assign', { incident: INCIDENT, to: 'Bob', toName: 'A name somebody made up' });
    await perform('assign', { incident: INCIDENT, to: 'playground:carol', toName: 'Carol' });
    expect(await perform('assign', { incident: INCIDENT, to: 'nobody' })).toMatchObject({ code: 'not_found' });
    expect(fakes.asked.map(({ action }) => action)).toEqual([
      { kind: 'assign', toId: 'playground:alice', toName: 'Alice' },
      { kind: 'assign', toId: 'lark:ou_b', toName: 'Bob' },
      { kind: 'assign', toId: 'playground:carol', toName: 'Carol' },
    ]);
  });

  it.each(['all', '@all', 'lark:all', 'lark:@_all', 'dingtalk:@ALL', 'everyone', '@所有人'])(
    'assigns to nobody called %s, whose mention would wake the whole chat',
    async (to) => {
      expect(await perform('assign', { incident: INCIDENT, to })).toMatchObject({ ok: false, code: 'not_found' });
      expect(fakes.asked).toEqual([]);
    },
  );

  it('answers an illegal move with the state of today', async () => {
    fakes.respond = (incident) => ({ ok: false, reason: 'illegal', incident: { ...incident, status: 'resolved' } });
    const outcome = await perform('ack', { incident: INCIDENT });
    expect(outcome).toMatchObject({ ok: false, code: 'illegal', incidentId: INCIDENT });
    expect(outcome.answer.brief).toContain('Resolved');
  });

  it('says who has it when somebody was faster', async () => {
    fakes.respond = (incident) => ({ ok: false, reason: 'already', incident: { ...incident, acknowledgedBy: 'Bob' } });
    const outcome = await perform('ack', { incident: INCIDENT });
    expect(outcome).toMatchObject({ code: 'already' });
    expect(outcome.answer.brief).toContain('Bob');
  });

  it('asks once more when alerts joined since the card was seen', async () => {
    fakes.respond = (incident) => ({ ok: false, reason: 'changed', incident, joined: 2 });
    const outcome = await perform('resolve', { incident: INCIDENT, rev: '4' });
    expect(fakes.asked[0]?.action).toEqual({ kind: 'resolve', rev: 4 });
    expect(outcome.answer.brief).toContain('2 more alerts');
  });

  it('names the incident that is open instead', async () => {
    fakes.respond = (incident) => ({ ok: false, reason: 'superseded', incident, by: incidentWith().id });
    expect((await perform('reopen', { incident: 'INC-20261120-001' })).answer.brief).toContain('no INC-20261120-001');
    expect((await perform('reopen', { incident: INCIDENT })).answer.brief).toContain(`${INCIDENT} is open`);
    const blocks = (await perform('reopen', { incident: INCIDENT })).answer.card?.blocks;
    expect(blocks).toContainEqual({
      kind: 'links',
      links: [expect.objectContaining({ url: expect.stringContaining(`/incidents/${INCIDENT}`) })],
    });
  });

  it('gives a silence an undo that others see too', async () => {
    const outcome = await perform('silence', { incident: INCIDENT, duration: '2小时', reason: 'upgrade' });
    expect(fakes.asked[0]?.action).toEqual({ kind: 'silence', until: NOW + 7_200_000, reason: 'upgrade' });
    expect(outcome.answer.announce).toBe(true);
    expect(JSON.stringify(outcome.answer.card)).toContain('"action":"unsilence"');
  });

  it.each(['31d', 'soon', '0h'])('refuses a silence of %s', async (duration) => {
    expect(await perform('silence', { incident: INCIDENT, duration })).toMatchObject({ ok: false, code: 'invalid' });
    expect(fakes.asked).toEqual([]);
  });

  it('refuses a silence of everything', async () => {
    const all = { matchers: [{ name: 'service', op: '=~', value: '.*' }] };
    expect(await perform('silence', all, { right: 'admin' })).toMatchObject({ ok: false, code: 'invalid' });
  });
});

describe('what is recorded', () => {
  it('is every change and every refusal, and nothing that only looked', async () => {
    await perform('status', {});
    await perform('bind', { matchers: [] });
    await perform('bind', { matchers: [] }, { right: 'admin' });
    expect(fakes.audited.map(({ operation, outcome }) => [operation, outcome])).toEqual([
      ['bind', 'forbidden'],
      ['bind', 'ok'],
    ]);
    expect(await metrics.registry.metrics()).toContain(
      'zhiban_actions_total{action="bind",channel="playground",outcome="forbidden"} 1',
    );
  });

  it('is left to the transaction of the action where there is one', async () => {
    await perform('ack', { incident: INCIDENT });
    expect(fakes.audited).toEqual([]);
  });

  it('never holds a code', async () => {
    fakes.operators = [{ id: 'o', name: 'Bob', role: 'reader', ids: [], createdAt: 0 }];
    await perform('link', { words: 'K7QM-2F9P' });
    expect(fakes.audited).toMatchObject([{ operation: 'link', outcome: 'ok', detail: '{}' }]);
  });
});

describe('codes that join an account to an admin', () => {
  it('are told to nobody in a room where others read along', async () => {
    fakes.operators = [{ id: 'o1', name: 'Lin', role: 'admin', ids: ['playground:lin'], createdAt: NOW }];
    const asked = { words: 'Lin' };
    expect(await perform('link', asked, { right: 'admin' })).toMatchObject({ ok: false, code: 'forbidden' });
    expect(await perform('link', asked, { right: 'admin', direct: true })).toMatchObject({ ok: true });
  });
});

describe('an incident somebody wants diagnosed again', () => {
  it('has a card to follow in the chat where that was said, also out of a storm', async () => {
    await perform('diagnose', { incident: INCIDENT }, { targetId: 'lobby' });
    expect(fakes.shown).toEqual([`${INCIDENT}@lobby`]);
  });

  it('brings no card where there is no chat, nor when nothing is diagnosed', async () => {
    const { targetId: _chat, ...nowhere } = contextWith({});
    const { ports } = fakes;
    await findOperation('diagnose')?.run({ incident: INCIDENT }, nowhere, ports);
    fakes.respond = () => ({ ok: false, reason: 'not_found' });
    await perform('diagnose', { incident: INCIDENT }, { targetId: 'lobby' });
    expect(fakes.shown).toEqual([]);
  });
});

describe('a text somebody asks about', () => {
  it('is diagnosed without becoming an incident', async () => {
    const outcome = await perform('diagnose', { text: '[告警] 支付超时' }, { locale: 'en-US' });
    expect(outcome).toMatchObject({ ok: true, answer: { brief: 'examined [告警] 支付超时' } });
    expect(JSON.stringify(outcome.answer.card)).toContain('the database is slow');
    expect(JSON.stringify(outcome.answer.card)).not.toContain('"buttons"');
    expect(fakes.accepted).toEqual([]);
  });

  it('is refused when it tells nothing', async () => {
    expect(await perform('diagnose', { text: 'hello' })).toMatchObject({ ok: false, code: 'invalid' });
    expect(await perform('diagnose', {})).toMatchObject({ ok: false, code: 'invalid' });
  });
});

describe('chats', () => {
  it('become targets by /bind, which also allows a pending one', async () => {
    await perform('bind', { matchers: [] }, { right: 'admin', chat: 'lark:oc_1' });
    expect(fakes.targets[1]).toMatchObject({ channel: 'lark', address: 'oc_1', pending: false });
    expect(fakes.bindings).toMatchObject([{ event: 'incident', targetId: 't2', enabled: true }]);
  });

  it('lose their bindings by /unbind', async () => {
    await perform('bind', { matchers: [] }, { right: 'admin' });
    const left = await perform('unbind', {}, { right: 'admin' });
    expect(left).toMatchObject({ ok: true, answer: { brief: expect.stringContaining('no longer come here') } });
    expect(await perform('unbind', {}, { right: 'admin' })).toMatchObject({ ok: false, code: 'not_found' });
  });

  it('get the living card of an incident on demand', async () => {
    await perform('show', { incident: '3' });
    expect(fakes.shown).toEqual([`${INCIDENT}@t1`]);
  });

  it('turn a pasted alert into an incident that is shown there', async () => {
    const outcome = await perform('alert', { text: '[告警] 支付超时' });
    expect(fakes.accepted).toMatchObject([{ targetId: 't1', alerts: [{ title: '[告警] 支付超时' }] }]);
    expect(outcome.answer.brief).toContain('INC-20261122-009');
    expect(await perform('alert', { text: 'hello' })).toMatchObject({ ok: false, code: 'invalid' });
  });
});
