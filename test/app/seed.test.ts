import { afterEach, beforeEach, expect, it } from 'vitest';
import { seedPlayground } from '../../src/app/seed.ts';
import { createOperators } from '../../src/store/operators.ts';
import { createSealer } from '../../src/store/secrets.ts';
import { createTargets } from '../../src/store/targets.ts';
import { type Bot, createBot } from '../store/bot.ts';
import { type Opened, openEngine } from '../support/engines.ts';

let opened: Opened;
let bot: Bot;
beforeEach(async () => {
  opened = await openEngine('sqlite');
  bot = createBot(opened.database);
});
afterEach(() => opened.close());

const ports = () => {
  const { write, clock } = bot;
  const base = { database: opened.database, write, clock };
  return {
    operators: createOperators(base),
    targets: createTargets({ ...base, sealer: createSealer('a key for this test') }),
  };
};

it('opens the lobby and names its people at the first start, and never again', async () => {
  const { operators, targets } = ports();
  await seedPlayground(opened.database, bot.write, { operators, targets, locale: 'zh-CN' });
  expect((await operators.list()).map(({ role }) => role).toSorted()).toEqual([
    'admin',
    'reader',
    'responder',
    'responder',
  ]);
  const lobby = await targets.byAddress('playground', 'lobby');
  expect(lobby).toMatchObject({ pending: false, enabled: true });

  await targets.remove(lobby?.id ?? '');
  for (const { id } of await operators.list()) await operators.remove(id);
  await seedPlayground(opened.database, bot.write, { operators, targets, locale: 'zh-CN' });
  expect(await operators.list()).toEqual([]);
  expect(await targets.list()).toEqual([]);
});

it('names them in the language of the server', async () => {
  const { operators, targets } = ports();
  await seedPlayground(opened.database, bot.write, { operators, targets, locale: 'en-US' });
  expect((await operators.list()).map(({ name }) => name).toSorted()).toEqual(['Alice', 'Chen', 'Guest', 'Lin']);
});
