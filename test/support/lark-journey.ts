import type { Seen } from '../simulators/lark/group.ts';
import { type LarkRoom, hurry, openLarkRoom, textOf } from './lark-room.ts';

/** What people read and press, in their language. */
export const WORDS = {
  'en-US': {
    title: 'Critical: KubePodCrashLooping',
    cause: 'Configuration it needs to start is missing',
    ack: 'Acknowledge',
    acked: 'acknowledged',
    confirm: 'Confirm diagnosis',
    confirmed: 'Li confirmed this diagnosis',
    reject: 'Reject',
    rejected: 'reason: the release, not memory',
    assign: 'Assign',
    assigned: 'ssigned to Zhao',
    silence: 'Silence 2 h',
    silenced: 'Silenced until',
    resolve: 'Resolve',
    reopen: 'Reopen',
    help: 'What I can do',
    status: 'Critical 2',
    noted: 'Noted on',
  },
  'zh-CN': {
    title: '严重 · KubePodCrashLooping',
    cause: '启动所需的配置缺失',
    ack: '认领',
    acked: '认领',
    confirm: '诊断正确',
    confirmed: '确认了这个诊断',
    reject: '否决诊断',
    rejected: '理由：the release, not memory',
    assign: '指派',
    assigned: '指派给 Zhao',
    silence: '静默 2 小时',
    silenced: '已静默至',
    resolve: '标记解决',
    reopen: '重新打开',
    help: '值班能做什么',
    status: '严重 2',
    noted: '处理经过',
  },
} as const;

const MODES = ['websocket', 'webhook'] as const;
const LOCALES = ['zh-CN', 'en-US'] as const;

/** Both ways in, in both languages. */
export const JOURNEYS = MODES.flatMap((mode) => LOCALES.map((locale) => ({ mode, locale, t: WORDS[locale] })));

/** An alert whose name and words a rule knows. */
export const CRASH = {
  name: 'KubePodCrashLooping',
  labels: { namespace: 'pay', pod: 'pay-7d9' },
  summary: 'Pod pay-7d9 is in CrashLoopBackOff',
};

/** Li is admin, Zhao responder, Wang nobody in particular. Time runs fast, so that edits wait for no real seconds. */
export async function journey(
  options: Parameters<typeof openLarkRoom>[0],
  work: (room: LarkRoom) => Promise<void>,
): Promise<void> {
  const room = await openLarkRoom(options);
  const calm = hurry(room.lark, 20);
  try {
    await room.under.makeAdmin('Li', room.li.openId);
    await room.under.nameOperator('Zhao', room.zhao.openId, 'responder');
    await work(room);
  } finally {
    calm();
    await room.close();
  }
}

/** The colour of a card's header. */
export const colourOf = (seen: Seen | undefined): unknown =>
  (seen?.card?.['header'] as { readonly template?: string } | undefined)?.template;

/** The value of the choice with these words. */
export function optionOf(card: Seen | undefined, words: string): string {
  const found = /"text":\{"tag":"plain_text","content":"([^"]+)"\},"value":"([^"]+)"/gu;
  for (const [, text, value] of textOf(card?.card).matchAll(found)) if (text === words) return value ?? '';
  throw new Error(`nobody can choose ${words}: ${textOf(card?.card)}`);
}
