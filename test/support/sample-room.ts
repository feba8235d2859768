import type { Card } from '../../src/cards/card.ts';
import { announcement } from '../../src/cards/announcement.ts';
import { helpCard } from '../../src/cards/help-card.ts';
import { incidentCard } from '../../src/cards/incident-card.ts';
import { stormCard } from '../../src/cards/storm-card.ts';
import type { CardContext, HelpEntry, IncidentView } from '../../src/cards/view.ts';
import { type Person, BOT, PEOPLE } from '../../src/channels/playground/people.ts';
import type { PlaygroundContent, PlaygroundMessage, PlaygroundMessages } from '../../src/channels/playground/ports.ts';
import type { IncidentId } from '../../src/incident/incident.ts';
import { OPENED, alert, diagnosis, entry, incident, storm, view } from '../cards/sample.ts';

const MINUTE = 60_000;
const lin = { id: 'playground:lin', name: '林岚', via: 'playground' };

/** One incident in the states it goes through, as cards. */
export function sampleCards(context: CardContext): Readonly<Record<string, Card>> {
  const states: Readonly<Record<string, IncidentView>> = {
    open: view({ diagnosis: diagnosis() }),
    acknowledged: view({
      incident: incident({
        id: 'INC-20261122-041' as IncidentId,
        status: 'acknowledged',
        severity: 'warning',
        title: 'db-1 复制延迟 48 s',
        summary: '',
        acknowledgedAt: OPENED + 2 * MINUTE,
        acknowledgedBy: lin.name,
        assignee: lin.name,
        assigneeId: 'playground:lin',
      }),
      diagnosis: diagnosis({ id: 'diag-0', status: 'confirmed', decidedBy: lin.name, decidedAt: OPENED + 3 * MINUTE }),
      timeline: [
        entry('confirmed', { at: OPENED + 3 * MINUTE, actor: lin, data: { cause: '从库磁盘写满' } }),
        entry('acknowledged', { at: OPENED + 2 * MINUTE, actor: lin }),
        entry('opened'),
      ],
    }),
    resolved: view({
      incident: incident({
        id: 'INC-20261122-040' as IncidentId,
        status: 'resolved',
        title: '支付网关 P99 延迟 3.2 s',
        firingCount: 0,
        resolvedAt: OPENED + 26 * MINUTE,
        resolvedReason: 'alerts',
        assignee: '陈默',
      }),
      alerts: [alert('pay-1', { status: 'resolved', resolvedAt: OPENED + 26 * MINUTE })],
    }),
    stale: view({ incident: incident({ id: 'INC-20261121-317' as IncidentId, staleSince: OPENED, severity: 'info' }) }),
  };
  const cards = Object.entries(states).map(([name, state]) => [name, incidentCard(state, context)] as const);
  return { ...Object.fromEntries(cards), storm: stormCard(storm(), context), chart: chartCard(context) };
}

const chartCard = ({ locale }: CardContext): Card => ({
  tone: 'neutral',
  title: locale === 'zh-CN' ? '过去一小时的延迟' : 'Latency in the last hour',
  tags: [],
  blocks: [
    {
      kind: 'chart',
      title: 'checkout p99',
      unit: 'ms',
      series: ['checkout', 'payment'].map((name, series) => ({
        name,
        points: Array.from({ length: 60 }, (_, at) => {
          const wave = 180 + 40 * Math.sin(at / 5 + series) + (at > 40 ? (at - 40) * (series === 0 ? 55 : 20) : 0);
          return [OPENED + at * MINUTE, Math.round(wave)] as const;
        }),
      })),
    },
    { kind: 'note', text: [{ text: locale === 'zh-CN' ? '数据来自 Prometheus。' : 'From Prometheus.' }] },
  ],
});

export const sampleCommands: readonly HelpEntry[] = [
  { slash: '/help', chinese: '帮助', usage: '/help', help: '所有命令', right: 'reader' },
  { slash: '/status', chinese: '状态', usage: '/status', help: '值班一切是否正常', right: 'reader' },
  { slash: '/incidents', chinese: '故障', usage: '/incidents [open|mine|all]', help: '列出故障', right: 'reader' },
  { slash: '/ack', chinese: '认领', usage: '/ack ID', help: '认领一个故障', right: 'reader' },
  { slash: '/assign', chinese: '指派', usage: '/assign ID @user', help: '指派给某人', right: 'responder' },
  { slash: '/resolve', chinese: '解决', usage: '/resolve ID [cause]', help: '标记为已解决', right: 'responder' },
  { slash: '/silence', chinese: '静默', usage: '/silence ID 2h [reason]', help: '静默一段时间', right: 'responder' },
  { slash: '/bind', chinese: '绑定', usage: '/bind [matchers]', help: '把告警送到本群', right: 'admin' },
];

/** A morning in the lobby: a recovered incident, one in hand, a question, a storm and a new critical one. */
export async function fillRoom(messages: PlaygroundMessages, context: CardContext): Promise<void> {
  const cards = sampleCards(context);
  let at = OPENED - 9 * 60 * MINUTE;
  const say = async (message: Partial<PlaygroundMessage> & { readonly content: PlaygroundContent }) => {
    at += 7 * MINUTE;
    const id = `sample-${at}`;
    const base = { id, room: 'lobby', author: BOT, mentions: [], revision: 1, createdAt: at };
    await messages.add({ ...base, ...message });
    return id;
  };
  const card = (name: string): PlaygroundContent => ({ kind: 'card', card: cards[name] as Card });
  const text = (words: string): PlaygroundContent => ({ kind: 'text', text: [{ text: words }] });
  const [admin, chen] = PEOPLE[context.locale] as readonly [Person, Person, ...Person[]];
  await say({ content: { kind: 'card', card: helpCard(sampleCommands, context) } });
  await say({ content: card('stale') });
  const done = await say({ content: card('resolved'), editedAt: at + 20 * MINUTE, revision: 4 });
  const rang = announcement({ incident: incident(), reason: 'unacknowledged', mentions: [admin] }, context);
  await say({ threadOf: done, content: { kind: 'text', text: rang }, mentions: [admin] });
  await say({ threadOf: done, author: chen, content: text('是网关连接池，扩了一倍，观察中。') });
  at = OPENED - 20 * MINUTE;
  await say({ author: admin, content: { kind: 'text', text: [{ mention: BOT }, { text: ' /status' }] } });
  await say({ author: chen, content: text('checkout 又抖了？我看下支付那边的面板。') });
  at = OPENED;
  await say({ content: card('acknowledged'), editedAt: at + 3 * MINUTE });
  await say({ content: card('chart') });
  await say({ content: card('storm') });
  await say({ content: card('open') });
}
