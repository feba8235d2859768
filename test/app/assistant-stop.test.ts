import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type OpenAiSimulator, startOpenAiSimulator } from '../simulators/openai.ts';
import { type AppUnderTest, openApp } from '../support/app.ts';
import { eventually } from '../support/lark-app.ts';
import { type PlaygroundClient, playgroundClient } from '../support/playground-client.ts';

const KEY = 'sk-test-0123456789abcdef';

let simulator: OpenAiSimulator;
let app: AppUnderTest;
let room: PlaygroundClient;
beforeEach(async () => {
  simulator = await startOpenAiSimulator({ apiKey: KEY });
});
afterEach(async () => {
  await app.close();
  await simulator.close();
});

async function open(more: Readonly<Record<string, string>> = {}): Promise<void> {
  app = await openApp({ OPENAI_BASE_URL: simulator.url, OPENAI_API_KEY: KEY, OPENAI_MODEL: 'sim-1', ...more });
  room = playgroundClient(app.url);
}

const ends = (id: string, words: string) => eventually(async () => (await room.thread(id)).includes(words));

describe('/stop', () => {
  beforeEach(async () => {
    simulator.answer(`Written before the stop.\n${'Never to be read. '.repeat(200)}`);
    simulator.always({ pace: 40 });
    await open();
  });

  it('ends the answer: what was written stays, and the model is told to stop', async () => {
    const question = await room.say('@zhiban why?', { as: 'guest' });
    await ends(question, 'Written before the stop.');
    await room.say('/stop', { as: 'guest', replyTo: question });
    await ends(question, 'Stopped by');
    const thread = await room.thread(question);
    expect(thread).toContain('Written before the stop.');
    expect(thread).toContain('The answer is stopped');
    await eventually(() => simulator.received.some(({ left }) => left));
  });

  it('is not for another reader, but for a responder', async () => {
    const question = await room.say('@zhiban why?', { as: 'chen' });
    await ends(question, 'Looking…');
    await room.say('@zhiban /stop', { as: 'guest', replyTo: question });
    await ends(question, 'Only who asked');
    const stop = await room.say('@zhiban /stop', { as: 'alice' });
    await ends(stop, 'The answer is stopped');
    await ends(question, 'Stopped by Alice');
    const again = await room.say('@zhiban /stop', { as: 'alice' });
    await ends(again, 'No answer is being written');
    expect(await room.thread(question)).not.toContain('Stopped by 访客');
  });
});
