import { type OpenAiSimulator, startOpenAiSimulator } from '../simulators/openai.ts';
import { type AppUnderTest, openApp } from './app.ts';
import { eventually } from './lark-app.ts';
import { type PlaygroundClient, playgroundClient } from './playground-client.ts';

const KEY = 'sk-test-0123456789abcdef';

/** A server whose questions go to a simulated model, and its playground; `open` starts it. */
export interface AskingRoom {
  readonly simulator: OpenAiSimulator;
  open(environment?: Readonly<Record<string, string>>): Promise<{ app: AppUnderTest; room: PlaygroundClient }>;
  /** What the assistant asked last; incidents have models asked too. */
  lastPrompt(): string;
  close(): Promise<void>;
}

export async function openAskingRoom(): Promise<AskingRoom> {
  const simulator = await startOpenAiSimulator({ apiKey: KEY });
  let app: AppUnderTest | undefined;
  return {
    simulator,
    open: async (more = {}) => {
      app = await openApp({ OPENAI_BASE_URL: simulator.url, OPENAI_API_KEY: KEY, OPENAI_MODEL: 'sim-1', ...more });
      return { app, room: playgroundClient(app.url) };
    },
    lastPrompt: () =>
      simulator.asks
        .map(({ prompt }) => prompt)
        .findLast((prompt) => prompt.includes('nonce=') && prompt.includes('<<<QUESTION')) ?? '',
    close: async () => {
      await app?.close();
      await simulator.close();
    },
  };
}

/** Waits until a thread has these words. */
export const hears = (room: PlaygroundClient, id: string, words: string): Promise<void> =>
  eventually(async () => (await room.thread(id)).includes(words));
