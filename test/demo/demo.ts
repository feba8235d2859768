import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { openLarkStage } from './lark/stage.ts';
import { createPlayer, type Room } from './player.ts';
import { type Stage, openStage } from './stage.ts';
import { storyline } from './storyline.ts';
import { type Addresses, farewell, HELP, welcome } from './words.ts';

/** `npm run demo`: serves the real thing over a throw-away folder, plays a story to it, and stays up until Ctrl-C. */
const locale = process.env['LOCALE'] === 'en-US' ? 'en-US' : 'zh-CN';
const say = (...lines: readonly string[]): void => void process.stdout.write(`${lines.join('\n')}\n`);
const stopping = new AbortController();

const { values } = parseArgs({ options: { lark: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } });
if (values.help === true) say(HELP);
else await show(values.lark === true);

async function show(isLark: boolean): Promise<void> {
  const stage = await open(isLark);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(stage));
  say(...welcome(locale, stage));
  await play(stage);
}

/** Where the story happens: the playground unless there is a room. */
type Theatre = Stage & Addresses & { readonly room?: Room };

async function open(isLark: boolean): Promise<Theatre> {
  const port = Number(process.env['PORT'] ?? 8080);
  const options = { locale, timezone: process.env['TIMEZONE'], port } as const;
  if (!isLark) return openStage(options);
  const stage = await openLarkStage({ ...options, pagePort: port === 0 ? 0 : port + 1 });
  return { ...stage, groupUrl: stage.page.url };
}

async function play(stage: Theatre): Promise<void> {
  const perform = createPlayer(stage.url, stage.room);
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
  say(...farewell(locale, stage));
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
