import { expect, it } from 'vitest';
import { createLarkOutage } from '../../src/app/lark-outage.ts';
import { createLog } from '../../src/telemetry/log.ts';

/** A disk that outlives processes, and what they say. */
function scene() {
  const disk: { text?: string; broken?: boolean } = {};
  const said: string[] = [];
  const start = () =>
    createLarkOutage({
      own: {
        connectionDown: async (_channel, { reason }) => void said.push(`down ${reason}`),
        connectionUp: async () => void said.push('up'),
      },
      memory: {
        read: async () => disk.text,
        write: async (text) => {
          if (disk.broken === true) throw new Error('the disk is gone');
          disk.text = text;
        },
      },
      log: createLog('silent', []),
    });
  return { disk, said, start };
}

const OUTAGE = { since: 1, reason: '403' };

it('says that an outage is over, also after a restart, and only once', async () => {
  const { said, start } = scene();
  await start().recovered();
  expect(said).toEqual([]);
  await start().alarm(OUTAGE);
  const next = start();
  await next.recovered();
  await next.recovered();
  await start().recovered();
  expect(said).toEqual(['down 403', 'up']);
});

it('keeps the order in which it was told, and throws nothing', async () => {
  const { disk, said, start } = scene();
  const outage = start();
  await Promise.all([outage.alarm(OUTAGE), outage.recovered(), outage.alarm(OUTAGE)]);
  expect(said).toEqual(['down 403', 'up', 'down 403']);
  disk.broken = true;
  await outage.recovered();
  await outage.alarm(OUTAGE);
  expect(said).toEqual(['down 403', 'up', 'down 403', 'up']);
});
