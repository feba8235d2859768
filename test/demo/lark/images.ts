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

/** Takes pictures of the simulated Lark group along the demo's story: `node test/demo/lark/images.ts FOLDER`. */
const SIZES = { desktop: { width: 1000, height: 900 }, phone: { width: 390, height: 844 } } as const;

/** What is looked at after this many steps of the story, and how long it takes to get there, in ms. */
const MOMENTS: readonly (readonly [number, string, number])[] = [
  [1, 'help', 1500],
  [2, 'open', 400],
  [3, 'diagnosed', 7000],
  [5, 'acknowledged', 4000],
  [6, 'resolved', 6500],
  [10, 'storm', 12_000],
];

const folder = process.argv[2];
const chromium = findChromium();
if (folder === undefined || chromium === undefined) throw new Error('name a folder; chromium is needed');
await mkdir(folder, { recursive: true });
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
      const [, name, wait] = MOMENTS.find(([after]) => after === index + 1) ?? [0, undefined, 2000];
      await sleep(wait);
      if (name !== undefined) await shoot(page, stage.page.url, `${locale.slice(0, 2)}-${name}`);
    }
    await approval(stage, page, `${locale.slice(0, 2)}-approval`);
  } finally {
    await page.close();
    await stage.close();
    stage.clear();
  }
}

async function approval({ lark, page: { url } }: LarkStage, page: Page, name: string): Promise<void> {
  const [user] = lark.world.users.values();
  if (!user) return;
  const chat = lark.addChat(name.startsWith('zh') ? '支付组' : 'Payments', [...lark.world.users.values()]);
  await lark.people.addsBot(user, chat);
  await sleep(2000);
  await shoot(page, `${url}?chat=${chat.id}`, name);
}

async function shoot(page: Page, url: string, name: string): Promise<void> {
  for (const [size, viewport] of Object.entries(SIZES))
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.goto(url);
      await page.waitForSelector('#live.on');
      await writeFile(join(folder ?? '', `${name}-${size}-${colorScheme}.png`), smallPng(await page.screenshot()));
    }
}
