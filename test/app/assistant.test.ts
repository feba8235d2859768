import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGate } from '../simulators/gate.ts';
import type { OpenAiSimulator } from '../simulators/openai.ts';
import type { AppUnderTest } from '../support/app.ts';
import { type AskingRoom, hears, openAskingRoom } from '../support/asking-room.ts';
import type { PlaygroundClient } from '../support/playground-client.ts';

let asking: AskingRoom;
let simulator: OpenAiSimulator;
let app: AppUnderTest;
let room: PlaygroundClient;
beforeEach(async () => {
  asking = await openAskingRoom();
  ({ simulator } = asking);
});
afterEach(() => asking.close());

const open = async (more: Readonly<Record<string, string>> = {}): Promise<void> => {
  ({ app, room } = await asking.open(more));
};
const lastPrompt = (): string => asking.lastPrompt();
const ends = (id: string, words: string): Promise<void> => hears(room, id, words);

describe('a question in the chat', () => {
  it('is answered under it, with the evidence that the answer cites', async () => {
    simulator.answer('checkout is slow since the release of 14:02 [E1].\nSee [E99].');
    await open();
    await app.alert(
      { alertname: 'HighLatency', severity: 'critical', service: 'checkout' },
      { summary: 'p99 over 2 s' },
    );
    await app.alert({ alertname: 'DiskFull', severity: 'warning', instance: 'db-1' });
    const question = await room.say('@zhiban why is checkout slow?');
    await ends(question, 'Based on 1 item of evidence');
    const thread = await room.thread(question);
    expect(thread).toContain('checkout is slow since the release of 14:02');
    expect(thread).not.toContain('E99');
    expect(thread).toContain('Written by openai');
    expect(lastPrompt()).toContain('title: HighLatency');
    expect(lastPrompt()).toMatch(/open incidents:\n- INC-\d{8}-\d{3} warning open DiskFull/);
  });

  it('shows at once that it is looked at, then grows while the model writes', async () => {
    simulator.answer(`First line of it.\n${'More words follow here. '.repeat(12)}\nThe end.`);
    const gate = createGate();
    simulator.always({ hold: gate.hold });
    await open();
    const question = await room.say('@zhiban what happened today?');
    await ends(question, 'Looking…');
    gate.open(8);
    await ends(question, 'First line of it.');
    expect(await room.thread(question)).not.toContain('The end.');
    expect(await room.thread(question)).toContain('/stop ends it');
    gate.open();
    await ends(question, 'Written by');
    const done = await room.thread(question);
    expect(done).toContain('The end.');
    expect(done).not.toContain('/stop ends it');
    expect(done.split('First line of it.')).toHaveLength(2);
  });

  it('in the thread of a card is about its incident', async () => {
    simulator.answer('Because of that.');
    await open();
    const id = await app.alert({ alertname: 'QueueStuck', severity: 'critical', queue: 'mails' });
    await app.alert({ alertname: 'DiskFull', severity: 'critical', instance: 'db-1' });
    const card = await room.cardOf(id);
    await room.say('@zhiban why?', { replyTo: card });
    await ends(card, 'Because of that.');
    expect(lastPrompt()).toContain(`id: ${id}`);
  });

  it('needs a model: without one the nearest commands are named', async () => {
    await open({ OPENAI_BASE_URL: '' });
    const question = await room.say('@zhiban why is checkout slow?');
    await ends(question, 'Free questions need a model');
    expect(await room.thread(question)).toContain('/why');
  });
});
