import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { emptyLabels } from '../../src/ingest/text.ts';
import { START, alert, arrival } from '../incident/world.ts';
import { type Opened, openEngine } from '../support/engines.ts';
import { type Bot, createBot } from './bot.ts';

/** `createBot` accepts in the database's thread on SQLite, so every suite over it runs there; here is what only crossing threads can break. */
describe('accepting inside the thread of the database', () => {
  let opened: Opened;
  let bot: Bot;
  beforeEach(async () => {
    opened = await openEngine('sqlite');
    bot = createBot(opened.database);
  });
  afterEach(() => opened.close());

  it('keeps labels whose names mean something to every object', async () => {
    await bot.addTarget('bound');
    await bot.bind('bound', [{ name: 'constructor', op: '=~', value: '.+' }]);
    const labels = Object.assign(emptyLabels(), { alertname: 'a' });
    labels['__proto__'] = 'stranger';
    await bot.accept(arrival([alert('a', { labels })], START));
    expect((await bot.alerts()).map((row) => row.labels)).toEqual(['{"alertname":"a","__proto__":"stranger"}']);
    expect(await bot.placements()).toEqual([]);
  });

  it('tells the same hints as at home', async () => {
    const { incidents } = await bot.accept(arrival([alert('a')], START));
    const [incident] = incidents;
    expect(bot.hints).toContainEqual({ kind: 'incident', id: incident?.id, revision: 1 });
    expect(bot.hints).toContainEqual({ kind: 'due', id: 'diagnose', at: START + 300 });
  });

  it('leaves nothing of a batch that failed half-way, and goes on', async () => {
    const loop: { self?: unknown } = {};
    loop.self = loop;
    // Only the last step of storing it notices: by then its incident is written.
    const odd = alert('odd', { annotations: { loop: loop as never } });
    await Promise.all([bot.accept(arrival([alert('a')], START)), bot.accept(arrival([odd], START))]);
    await bot.accept(arrival([alert('b')], START));
    expect((await bot.alerts()).map(({ fingerprint }) => fingerprint).toSorted()).toEqual(['a', 'b', 'odd']);
    expect((await bot.incidents()).reduce((sum, { alertsCount }) => sum + alertsCount, 0)).toBe(3);
  });
});
