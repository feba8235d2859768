import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { openLarkStage } from './lark/stage.ts';
import { createPlayer, type Room } from './player.ts';
import { type Stage, openStage } from './stage.ts';
import { storyline } from './storyline.ts';

/** `npm run demo`: serves the real thing over a throw-away folder, plays a story to it, and stays up until Ctrl-C. */
const locale = process.env['LOCALE'] === 'en-US' ? 'en-US' : 'zh-CN';
const zh = locale === 'zh-CN';
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const stopping = new AbortController();

const HELP = `npm run demo [-- --lark]

  --lark    the story is played into a simulated Lark group, which a page shows as the simulator sees it
  --help    this

LOCALE    zh-CN (default) or en-US
PORT      of the server, 8080 unless given; the Lark group's page takes the next one
TIMEZONE  of what is shown`;

const { lark: isLark, help } = parseArgs({
  options: { lark: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } },
}).values;
if (help) say(HELP);
else await show();

async function show(): Promise<void> {
  const port = Number(process.env['PORT'] ?? 8080);
  const options = { locale, timezone: process.env['TIMEZONE'], port } as const;
  const stage: ShownStage = isLark
    ? await larkStage({ ...options, pagePort: port === 0 ? 0 : port + 1 })
    : await openStage(options);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(stage));
  welcome(stage);
  await play(stage);
}

/** Where the story happens, and where to watch it. */
interface ShownStage extends Stage {
  readonly room?: Room;
  readonly groupUrl?: string;
}

async function larkStage(options: Parameters<typeof openLarkStage>[0]): Promise<ShownStage> {
  const stage = await openLarkStage(options);
  return { ...stage, groupUrl: stage.page.url };
}

function welcome({ url, groupUrl }: ShownStage): void {
  say('');
  if (groupUrl !== undefined)
    say(
      zh
        ? `  值班已接入模拟的飞书群，请打开：  ${groupUrl}`
        : `  Zhiban is in a simulated Lark group, open:  ${groupUrl}`,
    );
  else say(zh ? `  值班已就绪，请打开：  ${url}/playground` : `  Zhiban is ready, open:  ${url}/playground`);
  say(
    zh
      ? '  Ctrl-C 结束，不留下任何东西。English: LOCALE=en-US npm run demo'
      : '  Ctrl-C ends it and leaves nothing behind. 中文: LOCALE=zh-CN npm run demo',
  );
  say('');
}

async function play({ url, room, groupUrl }: ShownStage): Promise<void> {
  const perform = createPlayer(url, room);
  const startedAt = Date.now();
  const seconds = (): string => String(Math.round((Date.now() - startedAt) / 1000)).padStart(3);
  try {
    for (const { after, tell, act } of storyline(locale, new Date(startedAt - 60_000))) {
      await sleep(after * 1000, undefined, { signal: stopping.signal });
      say(`  ${seconds()} s  ${tell}`);
      await perform(act);
    }
  } catch (err) {
    if (stopping.signal.aborted) return;
    throw err;
  }
  farewell(url, groupUrl);
}

function farewell(url: string, groupUrl: string | undefined): void {
  const curl = `curl ${url}/api/alert -H 'content-type: application/json' -d`;
  const bot = groupUrl === undefined ? '@zhiban' : '@bot';
  say('');
  say(
    zh
      ? `  演完了，现在归你：按按钮，说 ${bot} /help，或者`
      : `  That was the story. Now it is yours: press, say ${bot} /help, or`,
  );
  for (const line of groupUrl === undefined ? aboutPlayground(url) : ABOUT_LARK) say(line);
  say(zh ? '  · 自己发一条告警：' : '  · send an alert of your own:');
  say(
    zh
      ? `    ${curl} '{"sender_id":"me","message":"[告警] 下单变慢\\n服务: checkout\\n级别: 紧急"}'`
      : `    ${curl} '{"sender_id":"me","message":"Checkout is slow\\nservice: checkout\\nseverity: critical"}'`,
  );
  say('');
}

const aboutPlayground = (url: string): readonly string[] => [
  zh
    ? `  · 再开一个窗口当同事：${url}/playground?as=alice`
    : `  · be a colleague in a second window: ${url}/playground?as=alice`,
];

const ABOUT_LARK: readonly string[] = zh
  ? ['  · 换一个人看（页面左侧），或把机器人拉进另一个群，由管理员批准', '  · 让平台限流或断网，再恢复，看卡片追上来']
  : [
      '  · be somebody else (on the left), or add the bot to another group and approve it as the admin',
      '  · let the platform throttle or vanish, bring it back, and see the card catch up',
    ];

/** Twice is at once. */
async function stop({ close, clear }: Stage): Promise<void> {
  if (stopping.signal.aborted) {
    clear();
    process.exit(130);
  }
  stopping.abort();
  say('');
  await close();
  clear();
  process.exit(0);
}
