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

describe('a question in the chat', () => {
  it('is answered under it, with the evidence that the answer cites', async () => {
    simulator.answer('checkout is slow since the release of 14:02 [E1].\nSee [E99].');
    await open();
    await app.alert(
      { alertname: 'HighLatency', severity: 'critical', service: 'checkout' },
      { summary: 'p99 over 2 s' },
    );
    const question = await room.say('@zhiban why is checkout slow?');
    await eventually(async () => (await room.thread(question)).includes('Based on'));
    const thread = await room.thread(question);
    expect(thread).toContain('checkout is slow since the release of 14:02');
    expect(thread).not.toContain('E99');
    expect(thread).toContain('Written by openai');
  });
});
