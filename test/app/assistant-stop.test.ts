import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OpenAiSimulator } from '../simulators/openai.ts';
import { type AskingRoom, hears, openAskingRoom } from '../support/asking-room.ts';
import { eventually } from '../support/lark-app.ts';
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
const ends = (id: string, words: string): Promise<void> => hears(room, id, words);

describe('/stop', () => {
  beforeEach(async () => {
    simulator.answer(`Written before the stop.\n${'Never to be read. '.repeat(200)}`);
    simulator.always({ stallAfter: 6 });
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
    simulator.always({ stallAfter: 0 });
    const question = await room.say('@zhiban why?', { as: 'chen' });
    await ends(question, 'Looking…');
    await room.say('@zhiban /stop', { as: 'guest', replyTo: question });
    await ends(question, 'Only who asked');
    const stop = await room.say('@zhiban /stop', { as: 'alice' });
    await ends(stop, 'The answer is stopped');
    await ends(question, 'Stopped by Alice');
    const again = await room.say('@zhiban /stop', { as: 'alice' });
    await ends(again, 'No answer is being written');
    expect(await room.thread(question)).not.toContain('Stopped by Guest');
  });
});
