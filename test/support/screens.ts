import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { incidentCard } from '../../src/cards/incident-card.ts';
import { EN, ZH, diagnosis, entry, incident, view } from '../cards/sample.ts';
import { findChromium, openBrowser } from './browser.ts';
import { openConsole } from './console-server.ts';
import { memoryMessages } from './playground-messages.ts';
import { fillRoom, sampleCommands } from './sample-room.ts';

/** Takes pictures of the pages over sample data: `node test/support/screens.ts [folder]`, then look at them. */
const folder = process.argv[2] ?? join(tmpdir(), 'zhiban-screens');
const SIZES = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } } as const;

const chromium = findChromium();
if (chromium === undefined) throw new Error('no chromium on this machine');
await mkdir(folder, { recursive: true });
const browser = await openBrowser(chromium);
try {
  for (const context of [ZH, EN]) await shoot(context);
} finally {
  await browser.close();
}

async function shoot(context: typeof ZH): Promise<void> {
  const messages = memoryMessages(['lobby', 'payments', 'database']);
  await fillRoom(messages, context);
  const shown = view({ diagnosis: diagnosis(), timeline: [entry('acknowledged'), entry('opened')] });
  const under = await openConsole({
    messages,
    locale: context.locale,
    commands: () => sampleCommands,
    console: {
      incidents: async () => [incident(), incident({ status: 'acknowledged', severity: 'warning', assignee: '林岚' })],
      health: async () => ['database', 'playground', 'diagnosis'].map((name) => ({ name, ok: name !== 'diagnosis' })),
      incident: async () => ({
        incident: shown.incident,
        card: incidentCard(shown, context),
        timeline: shown.timeline,
        deliveries: [
          { target: 'playground:lobby', state: 'shown', attempts: 1, at: shown.incident.openedAt, latencyMs: 12 },
        ],
      }),
    },
  });
  const page = await browser.context.newPage();
  page.on('console', (message) => console.log(message.type(), message.text()));
  page.on('pageerror', (error) => console.log('error', error.message));
  for (const [size, viewport] of Object.entries(SIZES))
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme });
      await pictures(page, under.url, `${context.locale.slice(0, 2)}-${size}-${colorScheme}`, context.locale);
    }
  await page.close();
  await under.close();
}

async function pictures(page: Page, url: string, name: string, locale: string): Promise<void> {
  const shot = (what: string) => page.screenshot({ path: join(folder, `${name}-${what}.png`) });
  const settle = () => page.waitForTimeout(150);
  await page.goto(`${url}/playground?as=lin&lang=${locale}`);
  await page.waitForSelector('#live[data-state="live"]');
  await shot('chat');
  for (const [index, top] of [0.22, 0.5, 0.75].entries()) {
    await page.evaluate(
      `(() => { const f = document.querySelector('#feed'); f.scrollTop = f.scrollHeight * ${top}; })()`,
    );
    await settle();
    await shot(`chat-${index}`);
  }
  await page.evaluate(`document.querySelector('#feed').scrollTop = 0`);
  await settle();
  await shot('chat-top');
  await page.fill('#typed', '/');
  await settle();
  await shot('suggest');
  for (const path of ['', 'incidents/INC-20261122-042']) {
    await page.goto(`${url}/${path}?lang=${locale}`);
    await shot(path === '' ? 'home' : 'incident');
  }
}
