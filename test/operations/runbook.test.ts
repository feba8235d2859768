import { describe, expect, it } from 'vitest';
import { plainText } from '../../src/cards/plain-text.ts';
import { createPerform } from '../../src/operations/perform.ts';
import { runbook } from '../../src/operations/runbook.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { DISK, createFakeRunbooks } from '../support/runbooks.ts';
import { contextWith, createFakes } from './fakes.ts';

async function ask(words: string, locale: 'zh-CN' | 'en-US' = 'en-US', shelf = createFakeRunbooks()) {
  const ports = { ...createFakes().ports, runbooks: shelf };
  const perform = createPerform({ ports, log: createLog('silent', []), metrics: createMetrics() });
  const input = runbook.chat?.parse(words.split(' '), words, { channel: 'playground', mentions: [] });
  const outcome = await perform(runbook, input, contextWith({ locale, right: 'reader' }));
  const { card, brief } = outcome.answer;
  return { outcome, brief, card, lines: card === undefined ? [] : plainText(card).split('\n') };
}

describe('/runbook', () => {
  it('answers with the title, where in it, and the lines of it, in both languages', async () => {
    const { lines, outcome } = await ask('disk');
    expect(lines).toEqual([
      '“disk”: 1 runbook',
      expect.stringContaining('A disk is full › Find out'),
      expect.stringContaining('df -h'),
      expect.stringContaining('lsof <at id=all></at>'),
      expect.stringContaining('disk · hosts/disk.md'),
    ]);
    expect(outcome).toMatchObject({ ok: true, data: { runbooks: [{ id: 'disk', heading: 'Find out' }] } });
    expect((await ask('磁盘', 'zh-CN')).brief).toBe('“磁盘”：找到 1 篇手册');
  });

  it('shows three at most, and only the best unfolded', async () => {
    const shelf = createFakeRunbooks(Array.from({ length: 9 }, (_, at) => ({ ...DISK, id: `disk-${at}` })));
    const { card } = await ask('disk', 'en-US', shelf);
    expect(card?.blocks.map((block) => block.kind === 'section' && block.collapsed)).toEqual([false, true, true]);
  });

  it('lists them when nothing is looked for', async () => {
    const shelf = createFakeRunbooks(Array.from({ length: 40 }, (_, at) => ({ ...DISK, id: `disk-${at}` })));
    const { brief, lines } = await ask('', 'en-US', shelf);
    expect(brief).toBe('40 runbooks');
    expect([lines.length, lines.some((one) => one.includes('and 10 more'))]).toEqual([33, true]);
  });

  it('says how to add one where nothing is found, or nothing is there', async () => {
    expect((await ask('kafka \u202e')).brief).toBe(
      'No runbook about “kafka”. Put a Markdown file into ./runbooks (RUNBOOKS_DIR) on the server; it is found a few seconds later',
    );
    const empty = createFakeRunbooks([]);
    for (const words of ['', 'kafka']) {
      expect((await ask(words, 'zh-CN', empty)).brief).toContain('还没有手册。把 Markdown 文件放进服务器的 ./runbooks');
    }
  });
});
