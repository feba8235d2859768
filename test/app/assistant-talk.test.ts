import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OpenAiSimulator } from '../simulators/openai.ts';
import { type AskingRoom, hears, openAskingRoom } from '../support/asking-room.ts';
import type { PlaygroundClient } from '../support/playground-client.ts';

let asking: AskingRoom;
let simulator: OpenAiSimulator;
let room: PlaygroundClient;
beforeEach(async () => {
  asking = await openAskingRoom();
  ({ simulator } = asking);
});
afterEach(() => asking.close());

const open = async (more: Readonly<Record<string, string>> = {}): Promise<void> => {
  ({ room } = await asking.open(more));
};
const lastPrompt = (): string => asking.lastPrompt();
const ends = (id: string, words: string): Promise<void> => hears(room, id, words);

describe('talking', () => {
  it('goes on in its thread and nowhere else', async () => {
    simulator.answer('It is the database.');
    await open();
    const first = await room.say('@zhiban why is checkout slow?');
    await ends(first, 'It is the database.');
    simulator.answer('Since ten.');
    await room.say('@zhiban since when?', { replyTo: first });
    await ends(first, 'Since ten.');
    expect(lastPrompt()).toContain('why is checkout slow?');
    expect(lastPrompt()).toContain('It is the database.');
    simulator.answer('Elsewhere.');
    const other = await room.say('@zhiban since when?');
    await ends(other, 'Elsewhere.');
    expect(lastPrompt()).not.toContain('It is the database.');
  });

  it('of two people at once has two answers that do not mix', async () => {
    simulator.answer(({ prompt }) => ({ text: prompt.includes('apples?') ? 'About apples.' : 'About pears.' }));
    simulator.always({ pace: 20 });
    await open();
    const [apples, pears] = await Promise.all([
      room.say('@zhiban apples?', { as: 'chen' }),
      room.say('@zhiban pears?', { as: 'alice' }),
    ]);
    await Promise.all([ends(apples, 'Written by'), ends(pears, 'Written by')]);
    expect(await room.thread(apples)).toContain('About apples.');
    expect(await room.thread(apples)).not.toContain('pears');
    expect(await room.thread(pears)).toContain('About pears.');
  });

  it('is answered in the language of who asks', async () => {
    simulator.answer('因为数据库慢。');
    await open();
    const question = await room.say('@zhiban 为什么这么慢？', { lang: 'zh' });
    await ends(question, '由 openai 生成');
    expect(simulator.asks[0]?.messages[0]?.content).toContain('中文');
  });

  it('is answered with words when no model can be reached', async () => {
    simulator.always({ refuse: { status: 401, body: { error: { message: 'no' } } } });
    await open();
    const question = await room.say('@zhiban why?');
    await ends(question, 'No model answered');
    expect(await room.thread(question)).not.toContain('Looking…');
  });
});
