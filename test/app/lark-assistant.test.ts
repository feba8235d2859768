import { afterEach, beforeEach, expect, it } from 'vitest';
import { createGate } from '../simulators/gate.ts';
import { type OpenAiSimulator, startOpenAiSimulator } from '../simulators/openai.ts';
import { eventually } from '../support/lark-app.ts';
import { type LarkRoom, openLarkRoom } from '../support/lark-room.ts';

const KEY = 'sk-test-0123456789abcdef';

let simulator: OpenAiSimulator;
let room: LarkRoom;
beforeEach(async () => {
  simulator = await startOpenAiSimulator({ apiKey: KEY });
  const environment = { OPENAI_BASE_URL: simulator.url, OPENAI_API_KEY: KEY, OPENAI_MODEL: 'sim-1' };
  room = await openLarkRoom({ mode: 'websocket', environment });
});
afterEach(async () => {
  await room.close();
  await simulator.close();
});

const shown = (id: string): string => JSON.stringify(room.replies(id).map(({ card }) => card));

it('a question in a Lark group is one card in its thread that grows, and goes on there', async () => {
  simulator.answer(`First line.\n${'More words. '.repeat(30)}\nThe end.`);
  const gate = createGate();
  simulator.always({ hold: gate.hold });
  const { message } = await room.lark.people.says({ chat: room.chat, from: room.li, text: '@bot why is it slow?' });
  await eventually(() => shown(message.id).includes('Looking…'));
  const growsSince = performance.now();
  gate.open(6);
  await eventually(() => shown(message.id).includes('First line.'));
  expect(shown(message.id)).not.toContain('The end.');
  gate.open();
  await eventually(() => shown(message.id).includes('The end.') && shown(message.id).includes('Written by'));
  const [answer, ...more] = room.replies(message.id);
  expect(more).toEqual([]);
  // At once, then every two seconds at most, and once at the end.
  expect(answer?.edits).toBeLessThanOrEqual(2 + (performance.now() - growsSince) / 2000);

  simulator.always(undefined);
  simulator.answer('Since ten.');
  const said = { chat: room.chat, from: room.wang, text: '@bot since when?', replyTo: message.id };
  await room.lark.people.says(said);
  await eventually(() => JSON.stringify(room.lark.messages(room.chat.id)).includes('Since ten.'));
  expect(simulator.asks.at(-1)?.prompt).toContain('why is it slow?');
});
