import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { texts } from '../../src/cards/texts/texts.ts';
import type { Locale } from '../../src/types.ts';
import { findChromium, openBrowser } from './browser.ts';
import { type Scene, openScene } from './diagnosis-scene.ts';
import { eventually } from './lark-app.ts';
import { playgroundClient } from './playground-client.ts';
import { smallPng } from './small-png.ts';

/**
 * Takes the documentation's pictures of diagnosing from the real product: `node test/support/diagnosis-images.ts [FOLDER]`.
 * Each shows one card whole: on a desktop by day, on a phone at night.
 */
const FOLDER = process.argv[2] ?? join(import.meta.dirname, '..', '..', 'docs', 'images');
const LOOKS = {
  desktop: { viewport: { width: 1000, height: 3200 }, colorScheme: 'light' },
  phone: { viewport: { width: 390, height: 2400 }, colorScheme: 'dark' },
} as const;

/** By source, what the prompt calls the items that the model is to cite. */
type Ids = Readonly<Record<'logs' | 'change' | 'metric', string>>;

interface Words {
  readonly errors: string;
  readonly stock: string;
  readonly question: string;
  readonly summary: string;
  readonly causes: readonly [string, string];
  readonly steps: readonly [string, string, string];
  readonly answer: (ids: Ids) => readonly string[];
}

const WORDS: Readonly<Record<Locale, Words>> = {
  'zh-CN': {
    errors: 'checkout 的 5xx 比例超过 5%',
    stock: '/data 只剩 3%，预计 4 小时内写满',
    question: '@zhiban checkout 为什么报错？',
    summary: 'v2.8.0 发布后 1 分钟，checkout 开始拿不到数据库连接，5xx 随之上升。',
    causes: ['v2.8.0 不归还数据库连接，连接池被占满', '慢查询占满了连接池'],
    steps: ['回滚 checkout 到上一个版本', '看 orders 库里有没有长事务', '确认回滚后 5xx 比例回落'],
    answer: ({ logs, change, metric }) => [
      `checkout 拿不到数据库连接：30 秒超时，共 41 次 [${logs}]。`,
      `从 v2.8.0 发布后 1 分钟开始 [${change}]，5xx 比例随之上升 [${metric}]。`,
      '多半是新版本不归还连接；也可能是慢查询，还没有证据。',
      '手册 checkout 的“Errors or slow answers”写了怎么查。认领：/ack 1',
    ],
  },
  'en-US': {
    errors: 'More than 5% of the requests to checkout fail',
    stock: 'Only 3% of /data is left; it is full in 4 hours',
    question: '@zhiban why does checkout fail?',
    summary:
      'One minute after the release of v2.8.0 checkout got no database connections any more, and 5xx rose with it.',
    causes: ['v2.8.0 does not give database connections back: the pool is used up', 'A slow query holds the pool'],
    steps: [
      'Roll checkout back to the version before',
      'Look for long transactions in orders',
      'See the share of 5xx fall',
    ],
    answer: ({ logs, change, metric }) => [
      `checkout gets no database connection: 41 time-outs of 30 s [${logs}].`,
      `They began one minute after the release of v2.8.0 [${change}]; the share of 5xx rose with them [${metric}].`,
      'Most likely the new version does not give connections back; a slow query is possible, with no evidence so far.',
      'The runbook of checkout says how to look, under “Errors or slow answers”. To take it: /ack 1',
    ],
  },
};

const chromium = findChromium();
if (chromium === undefined) throw new Error('no chromium on this machine');
await mkdir(FOLDER, { recursive: true });
const browser = await openBrowser(chromium);
try {
  for (const locale of ['zh-CN', 'en-US'] as const) await pictures(locale);
} finally {
  await browser.close();
}

async function pictures(locale: Locale): Promise<void> {
  const scene = await openScene(locale);
  try {
    const shown = await story(scene, locale);
    const page = await browser.context.newPage();
    for (const [size, { viewport, colorScheme }] of Object.entries(LOOKS)) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.goto(`${scene.app.url}/playground?as=chen&lang=${locale.slice(0, 2)}`);
      await page.waitForSelector('#live[data-state="live"]');
      for (const [what, of] of Object.entries(shown)) {
        const path = join(FOLDER, `diagnosis-${what}-${locale.slice(0, 2)}-${size}.png`);
        await take(page, of, path, what === 'model' && size === 'desktop');
      }
    }
    await page.close();
  } finally {
    await scene.close();
  }
}

/** What is seen of each picture: the incident of a card, or the message that is answered. */
type Seen = { readonly incident: string } | { readonly message: string };

async function story(scene: Scene, locale: Locale): Promise<Readonly<Record<string, Seen>>> {
  const { app, model } = scene;
  const words = WORDS[locale];
  const room = playgroundClient(app.url);
  const lang = locale === 'zh-CN' ? 'zh' : 'en';
  await scene.post('/api/v1/prices', { provider: 'openai', input_per_million: 40, output_per_million: 120 });
  const quota = { subject_kind: 'provider', subject: 'openai', period: 'month', measure: 'tokens', amount: 60_000 };
  await scene.post('/api/v1/quotas', quota);
  model.always({ pace: 25 });
  model.answer(({ prompt }) => ({ text: JSON.stringify(diagnosed(words, idsIn(prompt))) }));
  const errors = await scene.alert({
    alertname: 'CheckoutErrorsHigh',
    namespace: 'shop',
    service: 'checkout',
    summary: words.errors,
    measured: true,
  });
  await eventually(async () => (await app.incident(errors)).diagnosis?.provider === 'openai');
  model.answer(({ prompt }) => ({ text: words.answer(idsIn(prompt)).join('\n') }));
  const question = await room.say(words.question, { lang });
  await eventually(async () => (await room.thread(question)).includes('openai'));
  model.always({ headersOnly: true });
  const stock = await scene.alert({
    alertname: 'NodeFilesystemAlmostOutOfSpace',
    namespace: 'warehouse',
    service: 'stock',
    summary: words.stock,
  });
  await eventually(async () => (await app.incident(stock)).diagnosis?.origin?.['shortfall'] === 'timeout');
  const card = await room.cardOf(stock);
  const said = texts(locale).shortfall.timeout;
  await eventually(async () => (await room.thread(card)).includes(said));
  const usage = await room.say('/usage', { lang });
  await eventually(async () => (await room.thread(usage)).includes('openai'));
  return {
    model: { incident: errors },
    timeout: { incident: stock },
    answer: { message: question },
    usage: { message: usage },
  };
}

function diagnosed(words: Words, { logs, change, metric }: Ids) {
  return {
    summary: words.summary,
    causes: [
      { statement: words.causes[0], confidence: 0.8, evidence_ids: [logs, change, metric] },
      { statement: words.causes[1], confidence: 0.3, evidence_ids: [logs] },
    ],
    steps: [
      { text: words.steps[0], risk: 'careful', runbook: null },
      { text: words.steps[1], risk: 'safe', runbook: 'checkout' },
      { text: words.steps[2], risk: 'safe', runbook: null },
    ],
    severity: null,
    inconclusive: false,
    not_an_issue: false,
  };
}

/** Read out of the prompt, as a model would. */
function idsIn(prompt: string): Ids {
  const items = prompt.split('<<<').filter((item) => /^E\d/.test(item));
  const idOf = (words: string): string => /^E\d+/.exec(items.find((item) => item.includes(words)) ?? '')?.[0] ?? 'E1';
  return { logs: idOf('HikariPool'), change: idOf('v2.8.0'), metric: idOf('source=prometheus') };
}

async function take(page: Page, seen: Seen, path: string, unfold: boolean): Promise<void> {
  const message = messageOf(page, seen);
  if (unfold) await message.locator('details.section > summary').first().click();
  await message.evaluate((element) => element.scrollIntoView());
  await writeFile(path, smallPng(await message.screenshot()));
}

function messageOf(page: Page, seen: Seen): Locator {
  if ('message' in seen) return page.locator(`#m-${seen.message}`);
  const card = page.locator(`.message-main > .card[data-incident="${seen.incident}"]`);
  return page.locator('#threads > .message', { has: card }).first();
}
