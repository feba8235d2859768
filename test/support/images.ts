import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import type { Locale } from '../../src/types.ts';
import { createPlayer } from '../demo/player.ts';
import { openStage } from '../demo/stage.ts';
import { storyline } from '../demo/storyline.ts';
import { type OpenBrowser, findChromium, openBrowser } from './browser.ts';
import { smallPng } from './small-png.ts';

/** Takes the pictures of the documentation from the real product after the demo's story: `node test/support/images.ts`. */
const FOLDER = join(import.meta.dirname, '..', '..', 'docs', 'images');
const SIZES = { desktop: { width: 1000, height: 960 }, phone: { width: 390, height: 844 } } as const;
/** Every card has had its last edit by then; a storm is diagnosed 20 s after it began. */
const SETTLED_MS = 30_000;

/** The card of each picture, by something only it says. */
const CARDS = {
  incident: '[data-incident]:has-text("shop-eu")',
  resolved: '.tone-resolved',
  storm: ':has(button[data-press*=\'"action":"show"\'])',
} as const;

const chromium = findChromium();
if (chromium === undefined) throw new Error('no chromium on this machine');
await mkdir(FOLDER, { recursive: true });
const browser = await openBrowser(chromium);
try {
  for (const locale of ['zh-CN', 'en-US'] as const) await pictures(browser, locale);
} finally {
  await browser.close();
}

async function pictures({ context }: OpenBrowser, locale: Locale): Promise<void> {
  const stage = await openStage({ locale, timezone: 'Asia/Shanghai', port: 0 });
  try {
    const perform = createPlayer(stage.url);
    for (const { act } of storyline(locale, new Date(Date.now() - 60_000))) {
      await perform(act);
      await sleep(2500);
    }
    await sleep(SETTLED_MS);
    const page = await context.newPage();
    for (const [size, viewport] of Object.entries(SIZES))
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.setViewportSize(viewport);
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        const lang = locale.slice(0, 2);
        await shoot(page, stage.url, lang, (what) => join(FOLDER, `${what}-${lang}-${colorScheme}-${size}.png`));
      }
    await page.close();
  } finally {
    await stage.close();
    stage.clear();
  }
}

async function shoot(page: Page, url: string, lang: string, path: (what: string) => string): Promise<void> {
  await page.goto(`${url}/playground?as=chen&lang=${lang}`);
  await page.waitForSelector('#live[data-state="live"]');
  for (const [what, selector] of Object.entries(CARDS)) {
    const message = page
      .locator('#threads > .message', { has: page.locator(`.message-main > .card${selector}`) })
      .first();
    await message.evaluate((element) => element.scrollIntoView());
    await take(page, path(what));
  }
  await page.goto(`${url}/?lang=${lang}`);
  await take(page, path('console'));
}

async function take(page: Page, path: string): Promise<void> {
  await writeFile(path, smallPng(await page.screenshot()));
}
