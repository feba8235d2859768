import { describe, expect, it } from 'vitest';
import { createIdentity } from '../../../src/channels/lark/identity.ts';
import { RateLimited } from '../../../src/errors.ts';
import { createLog } from '../../../src/telemetry/log.ts';

describe('who we are', () => {
  it('is asked again no sooner than the platform wants it', async () => {
    const asked: number[] = [];
    const identity = createIdentity({
      api: {
        getBotInfo: async () => {
          asked.push(performance.now());
          if (asked.length === 1) throw new RateLimited('lark', 200);
          return { openId: 'ou_bot', name: 'Bot' };
        },
        listChats: async () => [],
      },
      memory: { read: async () => undefined, write: async () => undefined },
      found: async () => undefined,
      pauseMs: () => 0,
      log: createLog('silent', []),
    });
    await identity.run(new AbortController().signal);
    expect(identity.known()).toBe(true);
    expect((asked[1] ?? 0) - (asked[0] ?? 0)).toBeGreaterThan(190);
  });
});
