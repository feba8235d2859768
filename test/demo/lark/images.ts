import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import type { Locale } from '../../../src/types.ts';
import { findChromium, openBrowser } from '../../support/browser.ts';
import { smallPng } from '../../support/small-png.ts';
import { createPlayer } from '../player.ts';
import { storyline } from '../storyline.ts';
import { type LarkStage, openLarkStage } from './stage.ts';

/**
 * Takes pictures of the simulated Lark group along the demo's story: `node test/demo/lark/images.ts FOLDER`; without a
 * folder, those of the documentation.
 */
const DOCS = join(import.meta.dirname, '..', '..', '..', 'docs', 'images');
const IN_DOCS = new Set(['diagnosed-desktop-light', 'storm-desktop-light', 'resolved-phone-dark']);
const SIZES = { desktop: { width: 1000, height: 960 }, phone: { width: 390, height: 844 } } as const;

interface Moment {
  /** After this many steps of the story. */
  readonly after: number;
  readonly name: string;
  /** How long it takes to get there. */
  readonly waitMs: number;
  /** What the title of the card says that is looked at. */
  readonly title: RegExp;
}

const CRASH = /KubePodCrashLooping/;
const MOMENTS: readonly Moment[] = [
  { after: 1, name: 'help', waitMs: 1500, title: /./ },
  { after: 2, name: 'open', waitMs: 400, title: CRASH },
  { after: 3, name: 'diagnosed', waitMs: 7000, title: CRASH },
  { after: 5, name: 'acknowledged', waitMs: 4000, title: CRASH },
  { after: 6, name: 'resolved', waitMs: 6500, title: CRASH },
  { after: 10, name: 'storm', waitMs: 28_000, title: /storm|风暴/i },
];

const folder = process.argv[2];
const chromium = findChromium();
if (chromium === undefined) throw new Error('no chromium on this machine');
await mkdir(folder ?? DOCS, { recursive: true });
const browser = await openBrowser(chromium);
try {
  for (const locale of ['zh-CN', 'en-US'] as const) await pictures(locale);
} finally {
  await browser.close();
}

async function pictures(locale: Locale): Promise<void> {
  const stage = await openLarkStage({ locale, timezone: 'Asia/Shanghai', port: 0, pagePort: 0 });
  const page = await browser.context.newPage();
  page.on('pageerror', (error) => console.log(error.message));
  page.on('console', (message) => console.log(message.type(), message.text()));
  try {
    const perform = createPlayer(stage.url, stage.room);
    const steps = storyline(locale, new Date(Date.now() - 60_000));
    for (const [index, { act }] of steps.entries()) {
      await perform(act);
      const moment = MOMENTS.find(({ after }) => after === index + 1);
      await sleep(moment?.waitMs ?? 2000);
      if (moment) await shoot(page, stage.page.url, { ...moment, locale });
    }
    await approval(stage, page, locale);
  } finally {
    await page.close();
    await stage.close();
    stage.clear();
  }
}

async function approval({ lark, page: { url } }: LarkStage, page: Page, locale: Locale): Promise<void> {
  const people = [...lark.world.users.values()];
  const [user] = people;
  if (!user) return;
  const chat = lark.addChat(locale === 'zh-CN' ? '支付组' : 'Payments', people);
  await lark.people.addsBot(user, chat);
  await sleep(2000);
  await shoot(page, `${url}?chat=${chat.id}`, { name: 'approval', title: /./, locale });
}

interface Picture extends Pick<Moment, 'name' | 'title'> {
  readonly locale: Locale;
}

async function shoot(page: Page, url: string, { name, title, locale }: Picture): Promise<void> {
  const lang = locale.slice(0, 2);
  for (const [size, viewport] of Object.entries(SIZES))
    for (const colorScheme of ['light', 'dark'] as const) {
      const look = `${name}-${size}-${colorScheme}`;
      if (folder === undefined && !IN_DOCS.has(look)) continue;
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.goto(url);
      await page.waitForSelector('#live.on');
      const card = page.locator('.thread', { has: page.locator('.card-head h3', { hasText: title }) });
      await card.first().evaluate((element) => element.scrollIntoView());
      const path = folder === undefined ? join(DOCS, `lark-${name}-${lang}.png`) : join(folder, `${lang}-${look}.png`);
      await writeFile(path, smallPng(await page.screenshot()));
    }
}
