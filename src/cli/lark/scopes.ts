import type { Config } from '../../config.ts';
import type { Locale } from '../../types.ts';
import type { LarkTexts } from './texts-zh-cn.ts';

type Needs = Pick<Config, 'ALERT_BOT_IDS' | 'LARK_URGENT_AFTER' | 'LARK_URGENT_STEPS'>;

export interface Scope {
  /** The one to ask for. */
  readonly name: string;
  /** Sets of scopes that do as well, such as older ones. */
  readonly instead: readonly (readonly string[])[];
  /** As the console shows it. */
  readonly title: Readonly<Record<Locale, string>>;
  readonly use: keyof LarkTexts['scopes']['uses'];
  readonly needed: (config: Needs) => boolean;
  /** Its lack takes away a convenience. */
  readonly optional?: true;
}

const always = (): boolean => true;
const paging =
  (step: Needs['LARK_URGENT_STEPS'][number]) =>
  ({ LARK_URGENT_AFTER: after, LARK_URGENT_STEPS: steps }: Needs): boolean =>
    after !== undefined && steps.includes(step);

/**
 * Scopes by the platform's pages of the calls and events we use (create, reply, patch, receive, reaction created,
 * chat list, chat members, bot added, urgent_*), each with its name in the console.
 */
export const SCOPES: readonly Scope[] = [
  {
    name: 'im:message:send_as_bot',
    instead: [['im:message'], ['im:message:send', 'im:message:update']],
    title: { 'zh-CN': '以应用的身份发消息', 'en-US': 'Send messages as an app' },
    use: 'send',
    needed: always,
  },
  {
    name: 'im:message.group_at_msg:readonly',
    instead: [['im:message.group_at_msg'], ['im:message.group_at_msg.include_bot:readonly'], ['im:message.group_msg']],
    title: { 'zh-CN': '获取群组中用户@机器人消息', 'en-US': 'Obtain group messages mentioning the bot' },
    use: 'hearGroup',
    needed: always,
  },
  {
    name: 'im:message.p2p_msg:readonly',
    instead: [['im:message.p2p_msg']],
    title: { 'zh-CN': '读取用户发给机器人的单聊消息', 'en-US': 'Obtain private messages sent to the bot' },
    use: 'hearDirect',
    needed: always,
  },
  {
    name: 'im:chat:readonly',
    instead: [['im:chat'], ['im:chat:read', 'im:chat.members:read', 'im:chat.members:bot_access']],
    title: { 'zh-CN': '获取群组信息', 'en-US': 'Obtain group information' },
    use: 'chats',
    needed: always,
  },
  {
    name: 'im:message.reactions:read',
    instead: [['im:message:readonly']],
    title: { 'zh-CN': '查看消息表情回复', 'en-US': 'View message reaction' },
    use: 'reactions',
    needed: always,
    optional: true,
  },
  {
    name: 'im:message.group_at_msg.include_bot:readonly',
    instead: [],
    title: {
      'zh-CN': '获取群组中其他机器人和用户@当前机器人的消息',
      'en-US': 'Obtain group messages from other bots and users mentioning the bot',
    },
    use: 'hearBots',
    needed: ({ ALERT_BOT_IDS: ids }) => ids.some((id) => /^(?:lark:)?(?:cli|ou)_/u.test(id)),
  },
  {
    name: 'im:message.urgent',
    instead: [['im:message.urgent:app_send']],
    title: { 'zh-CN': '发送应用内加急消息', 'en-US': 'Send Buzz in app' },
    use: 'app',
    needed: paging('app'),
  },
  {
    name: 'im:message.urgent:sms',
    instead: [['im:message.urgent:sms_send']],
    title: { 'zh-CN': '发送短信加急消息', 'en-US': 'Send Buzz by SMS message' },
    use: 'sms',
    needed: paging('sms'),
  },
  {
    name: 'im:message.urgent:phone',
    instead: [['im:message.urgent:phone_send']],
    title: { 'zh-CN': '发送电话加急消息', 'en-US': 'Send Buzz by phone call' },
    use: 'phone',
    needed: paging('phone'),
  },
];

/** Events and callbacks to subscribe; none of them can be read back from the platform. */
export const EVENTS = [
  'im.message.receive_v1',
  'im.message.reaction.created_v1',
  'im.chat.member.bot.added_v1',
  'im.chat.member.bot.deleted_v1',
  'im.chat.disbanded_v1',
  'card.action.trigger',
] as const;

/** How a scope, or what does as well, stands with the tenant: `waiting` when it was asked for only. */
export function standingOfScope(
  scope: Scope,
  granted: ReadonlyMap<string, boolean>,
): 'granted' | 'waiting' | 'missing' {
  const ways = [[scope.name], ...scope.instead];
  if (ways.some((names) => names.every((name) => granted.get(name) === true))) return 'granted';
  return ways.some((names) => names.every((name) => granted.has(name))) ? 'waiting' : 'missing';
}
