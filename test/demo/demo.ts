import { setTimeout as sleep } from 'node:timers/promises';
import { createPlayer } from './player.ts';
import { type Stage, openStage } from './stage.ts';
import { storyline } from './storyline.ts';

/** `npm run demo`: serves the real thing over a throw-away folder, plays a story to it, and stays up until Ctrl-C. */
const locale = process.env['LOCALE'] === 'en-US' ? 'en-US' : 'zh-CN';
const zh = locale === 'zh-CN';
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const stopping = new AbortController();

const stage = await openStage({
  locale,
  timezone: process.env['TIMEZONE'],
  port: Number(process.env['PORT'] ?? 8080),
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(stage));
welcome(stage.url);
await play(stage.url);

function welcome(url: string): void {
  say('');
  say(zh ? `  值班已就绪，请打开：  ${url}/playground` : `  Zhiban is ready, open:  ${url}/playground`);
  say(
    zh
      ? '  Ctrl-C 结束，不留下任何东西。English: LOCALE=en-US npm run demo'
      : '  Ctrl-C ends it and leaves nothing behind. 中文: LOCALE=zh-CN npm run demo',
  );
  say('');
}

async function play(url: string): Promise<void> {
  const perform = createPlayer(url);
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
  farewell(url);
}

function farewell(url: string): void {
  const curl = `curl ${url}/api/alert -H 'content-type: application/json' -d`;
  say('');
  say(
    zh
      ? '  演完了，现在归你：按按钮，说 @zhiban /help，或者'
      : '  That was the story. Now it is yours: press, say @zhiban /help, or',
  );
  say(
    zh
      ? `  · 再开一个窗口当同事：${url}/playground?as=alice`
      : `  · be a colleague in a second window: ${url}/playground?as=alice`,
  );
  say(zh ? '  · 自己发一条告警：' : '  · send an alert of your own:');
  say(
    zh
      ? `    ${curl} '{"sender_id":"me","message":"[告警] 下单变慢\\n服务: checkout\\n级别: 紧急"}'`
      : `    ${curl} '{"sender_id":"me","message":"Checkout is slow\\nservice: checkout\\nseverity: critical"}'`,
  );
  say('');
}

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
