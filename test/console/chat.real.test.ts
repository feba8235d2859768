import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Card } from '../../src/cards/card.ts';
import { incidentCard } from '../../src/cards/incident-card.ts';
import type { Incident } from '../../src/incident/incident.ts';
import type { Shown } from '../../src/channels/channel.ts';
import { type OpenBrowser, findChromium, openBrowser } from '../support/browser.ts';
import { type ConsoleUnderTest, openConsole } from '../support/console-server.ts';
import { fillRoom, sampleCommands } from '../support/sample-room.ts';
import { ZH, diagnosis, incident, view } from '../cards/sample.ts';

const chromium = findChromium();
const open = incidentCard(view({ diagnosis: diagnosis() }), ZH);
const acknowledged = incidentCard(
  view({ incident: incident({ status: 'acknowledged', revision: 8, assignee: '林岚' }), diagnosis: diagnosis() }),
  ZH,
);

describe.skipIf(chromium === undefined && !process.env['CI'])('the chat in a browser (needs chromium)', () => {
  let browser: OpenBrowser;
  let under: ConsoleUnderTest;
  let faults: string[];
  /** On the console's first page. */
  let listed: readonly Incident[];
  beforeAll(async () => {
    browser = await openBrowser(chromium ?? 'chromium');
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    faults = [];
    listed = [];
    under = await openConsole({
      commands: () => sampleCommands,
      console: { incidents: async () => listed },
      answer: async () => ({ toast: { tone: 'ok', text: '已由你认领' }, card: acknowledged }),
    });
  });
  afterEach(async () => {
    await Promise.all(browser.context.pages().map((page) => page.close()));
    await browser.context.clearCookies();
    await under.close();
    // A refused script or style is an error on the console too.
    if (faults.length > 0) throw new Error(faults.join('\n'));
  });

  const window = async (person: string): Promise<Page> => {
    const page = await browser.context.newPage();
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => void (message.type() === 'error' && faults.push(message.text())));
    await page.goto(`${under.url}/playground?as=${person}`);
    await page.waitForSelector('#live[data-state="live"]');
    return page;
  };
  const show = (card: Card, previous?: Shown) =>
    under.channel.show(
      { key: 'k', address: 'lobby', locale: 'zh-CN', card, changes: [], ...(previous && { previous }) },
      new AbortController().signal,
    );
  const title = (page: Page) => page.locator('.card h3').last().innerText();

  it('shows a card in every window and changes it there in place', async () => {
    const [lin, chen] = [await window('lin'), await window('chen')];
    const previous = await show(open);
    for (const page of [lin, chen]) {
      await page.waitForSelector('.card');
      expect(await title(page)).toContain('checkout 5xx');
    }
    await show(acknowledged, previous);
    for (const page of [lin, chen]) {
      await page.waitForSelector('.card[data-rev="8"]');
      expect(await page.locator('.card').count()).toBe(1);
    }
  });

  it('presses once for the person of the window, and shows the answer before the room has it', async () => {
    await show(open);
    const page = await window('chen');
    await page.locator('button[data-press*=\'"ack"\']').first().dblclick();
    await page.waitForSelector('.toast-ok');
    await page.waitForSelector('.card[data-rev="8"]');
    expect(under.received).toMatchObject([{ kind: 'press', sender: { id: 'chen' }, value: { action: 'ack', rev: 7 } }]);
  });

  it('asks before a press that wants it, and sends nothing when told no', async () => {
    const value = { action: 'resolve', incident_id: 'INC-1' };
    const confirm = { title: 'Resolve?', text: 'Two alerts still fire.' };
    const buttons = [{ text: 'Resolve', style: 'danger', value, confirm }] as const;
    await show({ ...open, blocks: [{ kind: 'buttons', buttons }] });
    const page = await window('lin');
    await page.click('[data-press]');
    await page.waitForSelector('dialog[open]');
    await page.keyboard.press('Escape');
    await page.click('[data-press]');
    expect(await page.innerText('#confirm-title')).toBe('Resolve?');
    expect(under.received).toEqual([]);
    await page.click('#confirm-yes');
    await page.waitForSelector('.toast-ok');
    expect(under.received).toMatchObject([{ value }]);
  });

  it('keeps what somebody is typing into a form while the card changes around it', async () => {
    const previous = await show(open);
    const page = await window('lin');
    await page.locator('details.form summary').last().click();
    const field = page.locator('details.form[open] input').last();
    await field.fill('不是支付，是缓存');
    await show({ ...open, rev: 8 }, previous);
    await page.waitForSelector('.card[data-rev="8"]');
    expect(await field.inputValue()).toBe('不是支付，是缓存');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.toast-ok');
    expect(under.received).toMatchObject([{ kind: 'press', form: { reason: '不是支付，是缓存' } }]);
  });

  it('completes a command, sends it, and shows it to the others', async () => {
    const [lin, chen] = [await window('lin'), await window('chen')];
    await chen.fill('#typed', '/sta');
    await chen.waitForSelector('#suggest:not([hidden])');
    await chen.keyboard.press('Enter');
    await chen.keyboard.press('Enter');
    await lin.waitForSelector('.bubble');
    expect(await lin.innerText('.bubble')).toBe('@zhiban /status');
    expect(under.received).toMatchObject([
      { kind: 'message', text: '/status', addressed: true, sender: { id: 'chen' } },
    ]);
  });

  it('says a reply under the card it answers', async () => {
    const { ref } = await show(open);
    const page = await window('alice');
    await page.locator('.message').hover();
    await page.click('[data-reply]');
    await page.fill('#typed', '看一下');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.replies .bubble');
    expect(under.received).toMatchObject([{ kind: 'message', inReplyTo: ref }]);
  });

  it('listens once for all windows of a browser, and goes on when the one that listened is closed', async () => {
    const [lin, chen] = [await window('lin'), await window('chen')];
    expect(under.streams()).toBe(1);
    await lin.close();
    await expect.poll(() => under.streams()).toBe(1);
    await show(open);
    await chen.waitForSelector('.card');
    expect(await title(chen)).toContain('checkout 5xx');
  });

  it('catches up with what it missed while it was cut off', async () => {
    const page = await window('lin');
    faults.length = 0;
    await under.messages.add({
      id: 'unheard',
      room: 'lobby',
      author: { id: 'chen', name: '陈默' },
      content: { kind: 'text', text: [{ text: 'nobody was told' }] },
      mentions: [],
      revision: 1,
      createdAt: Date.now(),
    });
    under.dropStreams();
    await page.waitForSelector('#m-unheard');
    expect(await page.innerText('#m-unheard .bubble')).toBe('nobody was told');
  });

  it('shows on the console, too, what happened while it was cut off', async () => {
    const page = await browser.context.newPage();
    await page.goto(`${under.url}/?lang=en`);
    await page.waitForTimeout(3500);
    listed = [incident()];
    under.dropStreams();
    const row = page.locator(`a[href="/incidents/${incident().id}"]`);
    await row.first().waitFor();
    expect(await row.first().innerText()).not.toBe('');
  });

  it('remembers language and theme, and keeps each window its own person', async () => {
    const page = await window('chen');
    await page.click('#theme');
    await page.click('#lang');
    await page.waitForSelector('html[lang="en-US"][data-theme]');
    await page.goto(`${under.url}/playground`);
    await page.waitForSelector('#app[data-person="chen"]');
    expect(await page.getAttribute('html', 'lang')).toBe('en-US');
  });

  it('gives fingers room enough on a phone, and nothing to scroll sideways', async () => {
    await fillRoom(under.messages, ZH);
    const page = await window('lin');
    await page.setViewportSize({ width: 390, height: 844 });
    const small = await page.evaluate(SMALL_TARGETS);
    expect(small).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
  });

  it('cuts no host of a link, whose end says whose it is, however narrow the phone', async () => {
    const page = await window('lin');
    await page.setViewportSize({ width: 320, height: 640 });
    const host = 'runbooks.prometheus-operator.dev.a-long-name.example.com';
    const links = [{ text: 'Runbook', host, url: `https://${host}/` }];
    await show({ tone: 'info', title: 't', tags: [], blocks: [{ kind: 'links', links }] });
    const shown = page.locator('.link .host').last();
    await shown.waitFor();
    expect(await shown.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
  });

  it.each(['light', 'dark'] as const)('is readable in %s: every text contrasts 4.5 to 1', async (colorScheme) => {
    await fillRoom(under.messages, ZH);
    const page = await window('lin');
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    expect(await page.evaluate(FAINT_TEXTS)).toEqual([]);
  });
});

/** Everything that can be pressed and is lower than 44 px. */
const SMALL_TARGETS = `[...document.querySelectorAll('button, summary, select, input, .links a')]
  .filter((element) => element.checkVisibility() && element.getBoundingClientRect().height < 43.5)
  .map((element) => element.outerHTML.slice(0, 120))`;

/** Texts whose contrast with what is behind them is under 4.5; a gradient counts as each of its ends. */
const FAINT_TEXTS = `(() => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgba = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const light = ([r, g, b]) => [r, g, b]
    .map((c) => c / 255)
    .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const contrast = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
  const behind = (element) => {
    for (let at = element; at !== null; at = at.parentElement) {
      const style = getComputedStyle(at);
      const ends = style.backgroundImage.startsWith('linear-gradient')
        ? style.backgroundImage.match(/(?:rgba?|color|oklab|color-mix)\\((?:[^()]|\\([^()]*\\))*\\)|#[0-9a-f]+/g) : [];
      if (ends.length > 0) return ends.map(rgba);
      if (rgba(style.backgroundColor)[3] > 0.9) return [rgba(style.backgroundColor)];
    }
    return [rgba('white')];
  };
  const faint = [];
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== '');
    if (!own || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    if (element.closest('svg')) continue;
    const color = rgba(getComputedStyle(element).color);
    const worst = Math.min(...behind(element).map((back) => contrast(color, back)));
    if (worst < 4.5) faint.push(worst.toFixed(2) + ' ' + element.className + ' ' + element.textContent.trim().slice(0, 40));
  }
  return [...new Set(faint)];
})()`;
