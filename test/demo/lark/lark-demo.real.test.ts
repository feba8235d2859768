import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { type OpenBrowser, findChromium, openBrowser } from '../../support/browser.ts';
import { type Running, startProgram } from '../../support/process.ts';

const DEMO = join(import.meta.dirname, '..', 'demo.ts');
/** The story's first alert comes after some seconds. */
const CARD_MS = 15_000;

const chromium = findChromium();

/** The program as a visitor starts it. */
describe.skipIf(chromium === undefined && !process.env['CI'])('npm run demo -- --lark (needs chromium)', () => {
  const faults: string[] = [];
  let demo: Running;
  let browser: OpenBrowser;
  let page: Page;

  beforeAll(async () => {
    demo = await startProgram(
      DEMO,
      { LOCALE: 'en-US', PORT: '0' },
      { ready: /open: {2}http:\/\/localhost:(\d+)/, flags: ['--lark'] },
    );
    browser = await openBrowser(chromium ?? 'chromium');
    page = await browser.context.newPage();
    page.setDefaultTimeout(CARD_MS);
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => void (message.type() === 'error' && faults.push(message.text())));
    await page.goto(`http://localhost:${demo.port}`);
  });
  afterAll(async () => {
    await browser.close();
    await demo.end();
  });

  it('shows the card of the first alert, and a press changes it in place and is answered', async () => {
    const card = page.locator('.card', { has: page.locator('h3', { hasText: 'KubePodCrashLooping' }) });
    await card.waitFor();
    await card.getByRole('button', { name: 'Assign to me' }).click();
    expect(await page.locator('.toast').innerText()).toContain('Lin');
    await card.filter({ hasText: /Owner\s*Lin/ }).waitFor();
    expect(await card.count()).toBe(1);
    expect(await page.locator('.thread', { has: card }).locator('.edits').first().innerText()).toMatch(/^edited \d+×$/);
  });

  it('answers what a visitor types', async () => {
    await page.fill('#typed', '@bot /status');
    await page.press('#typed', 'Enter');
    const asked = page.locator('.thread', { hasText: '/status' });
    expect(await asked.locator('.replies .message').first().innerText()).toContain('On-call bot');
  });

  it('complains about nothing, and ends when it is told to', async () => {
    expect(faults).toEqual([]);
    expect(await demo.end()).toBe(0);
  });
});

describe('npm run demo -- --help', () => {
  it('names the ways to run it, and runs nothing', () => {
    const said = execFileSync(process.execPath, [DEMO, '--help'], { encoding: 'utf8', timeout: 10_000 });
    expect(said).toContain('--lark    the story is played into a simulated Lark group');
  });
});
