import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { texts } from '../../src/cards/texts/texts.ts';
import { startProgram } from '../support/process.ts';

const DEMO = join(import.meta.dirname, 'demo.ts');
/** It is told in about a minute; a busy machine takes longer. */
const STORY_MS = 150_000;
/** Of 300 alerts these at most have a card of their own, or had one before the storm began. */
const MOST_OWN = 10;

const LANGUAGES = [
  { locale: 'zh-CN', over: '演完了', text: '夜间对账任务失败' },
  { locale: 'en-US', over: 'That was the story', text: 'Nightly reconciliation failed' },
] as const;

/** The program as a visitor starts it, from the first line to Ctrl-C. */
describe('npm run demo', () => {
  it.concurrent.for(LANGUAGES)(
    'tells its whole story in the playground and leaves nothing behind: $locale',
    { timeout: STORY_MS * 2 },
    async ({ locale, over, text }, { expect }) => {
      const folder = mkdtempSync(join(tmpdir(), 'zhiban-demo-test-'));
      const demo = await startProgram(
        DEMO,
        { LOCALE: locale, PORT: '0', TMPDIR: folder },
        { ready: /http:\/\/localhost:(\d+)\/playground/ },
      );
      const threads = async (): Promise<readonly string[]> => {
        const page = await fetch(`http://localhost:${demo.port}/playground/rooms/lobby/threads?as=lin`);
        return (await page.text()).split('<article').slice(1);
      };
      const shows = async (...words: readonly string[]): Promise<boolean> =>
        (await threads()).some((thread) => words.every((word) => thread.includes(word)));
      const { card, diagnosisStatus, storm } = texts(locale);
      const [before = '', after = ''] = storm.title(12_345).split('12345');
      const gathered = async (): Promise<number> =>
        Math.max(...(await threads()).map((thread) => Number(thread.split(before)[1]?.split(after)[0]) || 0));
      try {
        await expect.poll(() => demo.output(), { timeout: STORY_MS }).toContain(over);
        await expect.poll(gathered, { timeout: STORY_MS }).toBeGreaterThanOrEqual(300 - MOST_OWN);
        expect(await shows('data-author="lin"', '/ack')).toBe(true);
        expect(await shows('KubePodCrashLooping', 'tone-resolved', diagnosisStatus.confirmed)).toBe(true);
        await expect.poll(() => shows('shop-eu', card.experience(1, 1)), { timeout: STORY_MS }).toBe(true);
        expect(await shows('NodeFilesystemSpaceFillingUp', 'tone-warning')).toBe(true);
        expect(await shows(text)).toBe(true);
        expect((await threads()).length).toBeLessThan(10 + MOST_OWN);
        expect(await demo.end('SIGINT')).toBe(0);
        expect(readdirSync(folder)).toEqual([]);
      } finally {
        await demo.end('SIGKILL');
        rmSync(folder, { recursive: true, force: true });
      }
    },
  );
});
