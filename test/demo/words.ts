import type { Locale } from '../../src/types.ts';

export const HELP = `npm run demo [-- --lark]

  --lark    the story is played into a simulated Lark group, which a page shows as the simulator sees it
  --help    this

LOCALE    zh-CN (default) or en-US
PORT      of the server, 8080 unless given; the Lark group's page takes the next one
TIMEZONE  of what is shown`;

/** Where to look: the server's `url`, and the address of the page that shows the Lark group, where there is one. */
export interface Addresses {
  readonly url: string;
  readonly groupUrl?: string | undefined;
}

export function welcome(locale: Locale, { url, groupUrl }: Addresses): readonly string[] {
  if (locale === 'zh-CN')
    return [
      '',
      groupUrl === undefined
        ? `  值班已就绪，请打开：  ${url}/playground`
        : `  值班已接入模拟的飞书群，请打开：  ${groupUrl}`,
      `  Ctrl-C 结束，不留下任何东西。English: LOCALE=en-US npm run demo${groupUrl === undefined ? '' : ' -- --lark'}`,
      '',
    ];
  return [
    '',
    groupUrl === undefined
      ? `  Zhiban is ready, open:  ${url}/playground`
      : `  Zhiban is in a simulated Lark group, open:  ${groupUrl}`,
    `  Ctrl-C ends it and leaves nothing behind. 中文: LOCALE=zh-CN npm run demo${groupUrl === undefined ? '' : ' -- --lark'}`,
    '',
  ];
}

/** What a visitor may do once the story is told. */
export function farewell(locale: Locale, { url, groupUrl }: Addresses): readonly string[] {
  const curl = `    curl ${url}/api/alert -H 'content-type: application/json' -d`;
  const bot = groupUrl === undefined ? '@zhiban' : '@bot';
  if (locale === 'zh-CN')
    return [
      '',
      `  演完了，现在归你：按按钮，说 ${bot} /help，或者`,
      ...(groupUrl === undefined
        ? [`  · 再开一个窗口当同事：${url}/playground?as=alice`]
        : ['  · 换一个人看，或把机器人拉进另一个群，由管理员批准', '  · 让平台限流或断网，再恢复，看卡片追上来']),
      '  · 自己发一条告警：',
      `${curl} '{"sender_id":"me","message":"[告警] 下单变慢\\n服务: checkout\\n级别: 紧急"}'`,
      '',
    ];
  return [
    '',
    `  That was the story. Now it is yours: press, say ${bot} /help, or`,
    ...(groupUrl === undefined
      ? [`  · be a colleague in a second window: ${url}/playground?as=alice`]
      : [
          '  · be somebody else, or add the bot to another group and approve it as the admin',
          '  · let the platform throttle or vanish, bring it back, and see the card catch up',
        ]),
    '  · send an alert of your own:',
    `${curl} '{"sender_id":"me","message":"Checkout is slow\\nservice: checkout\\nseverity: critical"}'`,
    '',
  ];
}
