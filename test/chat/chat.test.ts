import { beforeEach, describe, expect, it } from 'vitest';
import type { InboundMessage, InboundPress } from '../../src/channels/channel.ts';
import { createChat } from '../../src/chat/chat.ts';
import type { ChatDeps } from '../../src/chat/ports.ts';
import type { NewMessage } from '../../src/delivery/outbox.ts';
import { compose } from '../../src/operations/compose.ts';
import { createPerform } from '../../src/operations/perform.ts';
import { OPERATIONS } from '../../src/operations/table.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { type Fakes, NOW, createFakes, id, incidentWith, targetWith } from '../operations/fakes.ts';

const INCIDENT = 'INC-20261122-003';
const CARD = { tone: 'critical', title: 'the card', tags: [], blocks: [] } as const;

let fakes: Fakes;
let sent: NewMessage[];
let taken: Set<string>;
let lines: Record<string, unknown>[];
beforeEach(() => {
  fakes = createFakes();
  sent = [];
  taken = new Set();
  lines = [];
});

function chatWith(changes: Partial<ChatDeps> = {}) {
  const log = createLog('debug', [], { write: (line: string) => void lines.push(JSON.parse(line)) });
  const { ports } = fakes;
  return createChat({
    operations: OPERATIONS,
    perform: createPerform({ ports, log, metrics: createMetrics() }),
    operators: ports.operators,
    targets: ports.targets,
    preferences: ports.preferences,
    incidents: ports.incidents,
    inbox: {
      seen: async (source, key) => taken.has(`${source} ${key}`),
      settle: async (source, key, answers) => {
        taken.add(`${source} ${key}`);
        sent.push(...answers);
      },
    },
    cardOf: async () => CARD,
    accept: ports.accept,
    parseBotAlert: (text, { senderId }, at) => ports.parsePastedAlert(text, senderId, at),
    config: { locale: 'en-US', timezone: 'UTC', alertBotIds: ['cli_9'], pressDeadlineMs: 1000 },
    clock: { now: () => NOW },
    log,
    ...changes,
  });
}

const message = (text: string, changes: Partial<InboundMessage> = {}): InboundMessage => ({
  kind: 'message',
  channel: 'playground',
  id: `m-${text}`,
  chat: 'playground:lobby',
  direct: false,
  sender: { id: 'alice', name: 'Alice', bot: false },
  receivedAt: NOW,
  text,
  addressed: true,
  forOther: false,
  mentions: [],
  messageRef: 'ref-of-message',
  ...changes,
});

const press = (value: unknown, changes: Partial<InboundPress> = {}): InboundPress => ({
  kind: 'press',
  channel: 'playground',
  id: 'p1',
  chat: 'playground:lobby',
  direct: false,
  sender: { id: 'alice', name: 'Alice', bot: false },
  receivedAt: NOW,
  value,
  form: {},
  messageRef: 'card-1',
  ...changes,
});

const textOf = (answer: NewMessage | undefined): string => JSON.stringify(answer?.payload ?? '');

describe('a message', () => {
  it('is carried out and answered under what was said', async () => {
    await chatWith().message(message('/ack 3', { replyContext: 'ctx' }));
    expect(fakes.asked).toMatchObject([{ id: INCIDENT, action: { kind: 'acknowledge' } }]);
    expect(sent).toMatchObject([
      { targetId: 't1', kind: 'answer', replyTo: 'ref-of-message', replyContext: 'ctx', incidentId: INCIDENT },
    ]);
  });

  it('delivered twice, one after the other or at once, happens once', async () => {
    const chat = chatWith();
    await Promise.all([chat.message(message('/bind')), chat.message(message('/bind'))]);
    await chat.message(message('/bind'));
    expect(sent).toHaveLength(1);
    expect(fakes.audited).toHaveLength(1);
  });

  it('delivered again while the first is at work fails as the first does: neither may be acknowledged', async () => {
    fakes.respond = () => {
      throw new Error('disk full');
    };
    const chat = chatWith();
    const both = await Promise.allSettled([chat.message(message('/ack 3')), chat.message(message('/ack 3'))]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  it('that is taken in but failed may come again', async () => {
    fakes.respond = () => {
      throw new Error('disk full');
    };
    const chat = chatWith();
    await expect(chat.message(message('/ack 3'))).rejects.toThrow('disk full');
    fakes.respond = (incident) => ({ ok: true, incident });
    await chat.message(message('/ack 3'));
    expect(sent).toHaveLength(1);
  });

  it('to another bot, or to nobody, is not ours', async () => {
    const chat = chatWith();
    await chat.message(message('/ack 3', { forOther: true }));
    await chat.message(message('good morning', { addressed: false }));
    expect(sent).toEqual([]);
    expect(fakes.asked).toEqual([]);
  });

  it('that is no command is answered with what is near', async () => {
    await chatWith().message(message('/akc 3'));
    expect(textOf(sent[0])).toContain('Did you mean /ack?');
  });

  it('in no command’s words is answered with the nearest commands, and that questions need a model', async () => {
    const chat = chatWith();
    await chat.message(message('麻烦帮我认领一下'));
    await chat.message(message('good evening'));
    expect(textOf(sent[0])).toMatch(/Did you mean \/ack\?.*OPENAI_BASE_URL/);
    expect(textOf(sent[1])).toContain('/help');
    expect(fakes.asked).toEqual([]);
  });

  it('with wrong arguments is answered with the usage and an example', async () => {
    await chatWith().message(message('/silence 3 whenever'));
    expect(textOf(sent[0])).toContain('/silence 3 2h');
    expect(fakes.asked).toEqual([]);
  });

  it('in Chinese is understood, and answered in the language of the person', async () => {
    const chat = chatWith();
    await chat.message(message('语言 zh'));
    await chat.message(message('认领＃３'));
    expect(fakes.asked).toMatchObject([{ id: INCIDENT }]);
    expect(textOf(sent[1])).toContain('认领');
  });

  it('assigns to whom it mentions', async () => {
    await chatWith().message(message('/assign 3 @Bob', { mentions: [{ id: 'bob', name: 'Bob' }] }));
    expect(fakes.asked[0]?.action).toEqual({ kind: 'assign', toId: 'playground:bob', toName: 'Bob' });
  });
});

describe('the id left out', () => {
  it('means the card that was replied to', async () => {
    fakes.incidents.push(incidentWith({ id: id('INC-20261122-004') }));
    fakes.messages.set('card-4', id('INC-20261122-004'));
    await chatWith().message(message('/note look here', { inReplyTo: 'card-4' }));
    expect(fakes.asked).toMatchObject([{ id: 'INC-20261122-004', action: { kind: 'note', text: 'look here' } }]);
  });

  it('means the only one that is open here', async () => {
    await chatWith().message(message('/ack'));
    expect(fakes.asked).toMatchObject([{ id: INCIDENT }]);
  });

  it('is asked for when several are open, or none', async () => {
    const chat = chatWith();
    fakes.incidents.push(incidentWith({ id: id('INC-20261122-004') }));
    await chat.message(message('/ack'));
    expect(textOf(sent[0])).toContain('INC-20261122-004');
    fakes.incidents = [];
    await chat.message(message('/resolve'));
    expect(textOf(sent[1])).toContain('No incident is open');
    expect(fakes.asked).toEqual([]);
  });
});

describe('rights', () => {
  it('let everybody in a target chat respond until somebody is named on that channel', async () => {
    const chat = chatWith();
    await chat.message(message('/resolve 3'));
    fakes.operators = [{ id: 'o', name: 'Bob', role: 'responder', ids: ['playground:bob'], createdAt: 0 }];
    await chat.message(message('/resolve 3', { id: 'm2' }));
    await chat.message(message('/resolve 3', { id: 'm3', sender: { id: 'bob', name: 'Bob', bot: false } }));
    expect(fakes.asked).toHaveLength(2);
    expect(textOf(sent[1])).toContain('Only responders');
    expect(lines.filter(({ action }) => action === 'action_refused')).toMatchObject([{ actor: 'playground:alice' }]);
  });

  it('of people named on another channel only change nothing here', async () => {
    fakes.operators = [{ id: 'o', name: 'Bob', role: 'admin', ids: ['lark:ou_b'], createdAt: 0 }];
    await chatWith().message(message('/resolve 3'));
    expect(fakes.asked).toHaveLength(1);
  });

  it.each([
    ['unknown', []],
    ['pending', [targetWith({ pending: true })]],
    ['disabled', [targetWith({ enabled: false })]],
  ])('of an %s chat are a guest’s: help and nothing about incidents', async (_kind, targets) => {
    fakes.targets = targets;
    const chat = chatWith();
    await chat.message(message('/help'));
    await chat.message(message('/ack'));
    await chat.message(message('/incidents'));
    expect(fakes.asked).toEqual([]);
    expect(textOf(sent[0])).toContain('card');
    expect(textOf(sent[1])).toContain('/bind');
    expect(textOf(sent[2])).not.toContain('INC-');
    expect(fakes.targets).toMatchObject([{ address: 'lobby' }]);
  });

  it('of an admin let a new chat be bound', async () => {
    fakes.targets = [];
    fakes.operators = [{ id: 'o', name: 'Root', role: 'admin', ids: ['playground:alice'], createdAt: 0 }];
    await chatWith().message(message('/bind severity=critical'));
    expect(fakes.targets).toMatchObject([{ address: 'lobby', pending: false }]);
    expect(fakes.bindings).toMatchObject([{ matchers: [{ name: 'severity', op: '=', value: 'critical' }] }]);
  });
});

describe('a bot', () => {
  const bot = { id: 'cli_9', name: 'forwarder', bot: true };

  it('named in ALERT_BOT_IDS raises alerts and is never answered', async () => {
    await chatWith().message(message('[告警] disk', { sender: bot, addressed: false }));
    expect(fakes.accepted).toMatchObject([{ targetId: 't1' }]);
    expect(sent).toEqual([]);
    expect(lines.map(({ action }) => action)).toContain('alert_detected');
  });

  it('whose text is no alert, or whom nobody named, leaves only a line in the log', async () => {
    const chat = chatWith();
    await chat.message(message('hello', { sender: bot }));
    await chat.message(message('/ack 3', { sender: { id: 'other', name: 'x', bot: true } }));
    expect(fakes.accepted).toEqual([]);
    expect(fakes.asked).toEqual([]);
    expect(sent).toEqual([]);
    const said = lines.filter(({ action }) => action === 'alert_not_detected');
    expect(said.map(({ reason }) => reason)).toEqual(['no alert in its text', 'not in ALERT_BOT_IDS']);
  });
});

describe('a press', () => {
  const ack = { action: 'ack', incident_id: INCIDENT, rev: 4 };

  it('is answered with a toast and the card as committed', async () => {
    fakes.cards.set('card-1', id(INCIDENT));
    const answer = await chatWith().press(press(ack));
    expect(answer).toEqual({ toast: { tone: 'ok', text: `${INCIDENT} acknowledged by Alice` }, card: CARD });
    expect(fakes.asked).toMatchObject([{ context: { inboundKey: 'playground:p1', pressedTargetId: 't1' } }]);
  });

  it('on a storm or a list never replaces that message with an incident’s card', async () => {
    fakes.cards.set('another', id(INCIDENT));
    expect(await chatWith().press(press(ack))).not.toHaveProperty('card');
  });

  it('that came too late still shows how things are', async () => {
    fakes.cards.set('card-1', id(INCIDENT));
    fakes.respond = (incident) => ({ ok: false, reason: 'already', incident: { ...incident, acknowledgedBy: 'Bob' } });
    const answer = await chatWith().press(press(ack));
    expect(answer).toMatchObject({ toast: { tone: 'info' }, card: CARD });
  });

  it('carries what was typed and what the button fixed', async () => {
    const value = { action: 'reject_diagnosis', incident_id: INCIDENT, diagnosis_id: 'd1' };
    await chatWith().press(press(value, { form: { reason: 'not memory', incident: 'INC-20200101-001' } }));
    expect(fakes.asked).toMatchObject([
      { id: INCIDENT, action: { kind: 'reject', diagnosisId: 'd1', reason: 'not memory' } },
    ]);
  });

  it.each([undefined, null, 'x', {}, { action: 'rm -rf' }, { action: 'ack' }, { action: 'bind' }])(
    'of %j is refused in words',
    async (value) => {
      const answer = await chatWith().press(press(value));
      expect(answer.toast.tone).toBe('error');
      expect(fakes.asked).toEqual([]);
      expect(fakes.bindings).toEqual([]);
    },
  );

  it('sent twice at once is carried out once', async () => {
    const chat = chatWith();
    await Promise.all([chat.press(press(ack)), chat.press(press(ack))]);
    expect(fakes.asked).toHaveLength(1);
  });

  it('is answered before the platform gives up, whatever the work does', async () => {
    const perform = () => new Promise<never>(() => undefined);
    const chat = chatWith({
      perform,
      config: { locale: 'en-US', timezone: 'UTC', alertBotIds: [], pressDeadlineMs: 20 },
    });
    expect(await chat.press(press(ack))).toMatchObject({ toast: { tone: 'info' } });
  });

  it('that fails says so and is logged', async () => {
    const chat = chatWith({ perform: () => Promise.reject(new Error('disk full')) });
    expect(await chat.press(press(ack))).toMatchObject({ toast: { tone: 'error' } });
    expect(lines).toMatchObject([{ action: 'press_failed' }]);
  });

  it('that silences is told to the others with its undo', async () => {
    const value = { action: 'silence', incident_id: INCIDENT, args: { duration: '2h' } };
    await chatWith().press(press(value));
    expect(textOf(sent[0])).toContain('unsilence');
  });
});

describe('the pipeline', () => {
  it('runs in order, stops where nobody goes on, and forbids going on twice', async () => {
    const order: string[] = [];
    await compose<string>(
      async (_call, next) => {
        order.push('in');
        await next();
        order.push('out');
      },
      () => void order.push('last'),
      () => void order.push('never'),
    )('call');
    expect(order).toEqual(['in', 'last', 'out']);
    const twice = compose<string>(async (_call, next) => {
      await next();
      await next();
    });
    await expect(twice('call')).rejects.toThrow('more than once');
  });
});
