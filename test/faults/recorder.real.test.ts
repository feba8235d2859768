import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type FaultBench,
  bindRoom,
  createSender,
  groupBody,
  incidentOf,
  openFaultBench,
  postAlerts,
  showsOf,
  until,
} from '../support/fault-bench.ts';

const CHANGES = 50;
/** Longer than restraint, a poll and the longest first backoff together. */
const QUIET_MS = 6000;

interface IncidentJson {
  readonly id: string;
  readonly title: string;
  readonly status: string;
  readonly revision: number;
  readonly alerts_count: number;
}

describe('a chat platform in trouble', () => {
  let bench: FaultBench;
  let sender: ReturnType<typeof createSender>;
  const took = (name: string, room: string) => async () =>
    showsOf(await bench.ledger(), name, room).some(({ outcome }) => outcome === 'accepted' || outcome === 'repeated');
  const incident = async (name: string): Promise<IncidentJson> => {
    const { items } = await bench.api<{ readonly items: readonly IncidentJson[] }>('GET', `/incidents?q=${name}`);
    const [found] = items;
    if (found === undefined) throw new Error(`no incident ${name}`);
    return found;
  };
  /** Until nothing has been called for a while. */
  const quiet = async (): Promise<void> => {
    for (let calls = -1; calls !== (await bench.ledger()).length;) {
      calls = (await bench.ledger()).length;
      await sleep(QUIET_MS);
    }
  };

  beforeAll(async () => {
    bench = await openFaultBench({ RECORDER_TIMEOUT_MS: '1500' });
    await bench.start();
    for (const room of ['slow', 'lossy', 'dissolved']) await bindRoom(bench, room);
    sender = createSender(bench);
  });
  afterAll(() => bench.close());

  it(`spends at most 2 calls on ${CHANGES} changes while it throttles to 3 a minute`, async () => {
    const joined = Array.from({ length: CHANGES + 1 }, (_, index) => ({ room: 'slow', instance: `host-${index}` }));
    await postAlerts(bench.url(), groupBody('Throttled', 'firing', joined.slice(0, 1)));
    await until('the first card', took('Throttled', 'slow'));
    await quiet();
    await bench.orders({ perMinute: 3 });
    await sender.send('TakesTheCall', 'firing', { room: 'slow' });
    await until('the room has taken its call', took('TakesTheCall', 'slow'));
    const before = await incident('Throttled');
    const startedAt = Date.now();
    for (let count = 2; count <= joined.length; count += 1) {
      const response = await postAlerts(bench.url(), groupBody('Throttled', 'firing', joined.slice(0, count)));
      expect(response.status).toBe(200);
    }
    // One call becomes free every 20 s: at most one in the time that a machine at ease takes for this.
    const longer = Math.floor((Date.now() - startedAt) / 20_000);
    const after = await incident('Throttled');
    expect(after.revision - before.revision).toBeGreaterThanOrEqual(CHANGES);

    const calls = async () => showsOf(await bench.ledger(), 'Throttled').filter(({ at }) => at >= startedAt);
    await until(
      'the last change is shown',
      async () => (await calls()).some(({ rev }) => rev === after.revision),
      60_000,
    );
    await bench.orders({ perMinute: 0 });
    await quiet();
    expect((await calls()).length).toBeLessThanOrEqual(2 + longer);
    expect((await incident('Throttled')).alerts_count).toBe(CHANGES + 1);
  });

  it('shows one card when a post was taken and its answer lost, and ends true when an edit’s was', async () => {
    await bench.orders({ drop: ['lossy'] });
    await sender.send('Dropped', 'firing', { room: 'lossy' });
    const posts = async () => showsOf(await bench.ledger(), 'Dropped', 'lossy').filter(({ verb }) => verb === 'post');
    await until('the post was repeated', async () => (await posts()).length >= 2, 60_000);
    await bench.orders({ drop: [] });
    const id = incidentOf(await bench.ledger(), 'Dropped') ?? '';
    const shown = async () =>
      (await bench.api<{ readonly items: readonly { readonly state: string }[] }>('GET', `/incidents/${id}/deliveries`))
        .items;
    await until('the card is known', async () => (await shown()).some(({ state }) => state === 'shown'), 60_000);
    expect(new Set((await posts()).map(({ ref }) => ref)).size).toBe(1);

    await bench.orders({ drop: ['lossy'] });
    await sender.send('Dropped', 'resolved', { room: 'lossy' });
    const green = async () =>
      showsOf(await bench.ledger(), 'Dropped', 'lossy').filter(
        ({ verb, tone }) => verb === 'edit' && tone === 'resolved',
      );
    await until('the edit was repeated', async () => (await green()).length >= 2, 60_000);
    await bench.orders({ drop: [] });
    await quiet();
    expect(showsOf(await bench.ledger(), 'Dropped', 'lossy').at(-1)).toMatchObject({ verb: 'edit', tone: 'resolved' });
    expect(new Set((await posts()).map(({ ref }) => ref)).size).toBe(1);
  });

  it('takes the incidents of a chat that is gone to the default target, and reports it', async () => {
    await bench.orders({ gone: ['dissolved'] });
    await sender.send('Homeless', 'firing', { room: 'dissolved' });
    await until('the card is at the default target', took('Homeless', 'room-1'));
    await until('the loss is reported there', took('dissolved', 'room-1'));
    await sender.send('Later', 'firing', { room: 'dissolved' });
    await until('a later incident too', took('Later', 'room-1'));
    await sender.send('Homeless', 'resolved', { room: 'dissolved' });
    await until(
      'and its end',
      async () => showsOf(await bench.ledger(), 'Homeless', 'room-1').at(-1)?.tone === 'resolved',
    );
    const refused = (await bench.ledger()).filter(({ room }) => room === 'dissolved');
    expect(refused.length).toBeLessThanOrEqual(2);
    await bench.orders({ gone: [] });
  });

  it.each(['SIGTERM', 'SIGKILL'] as const)(
    'calls nothing after a restart by %s when nothing is due',
    async (signal) => {
      await quiet();
      await bench.current().end(signal);
      await bench.forget();
      await bench.start();
      await sleep(5000);
      expect(await bench.ledger()).toEqual([]);
      expect(await sender.send('StillHere', signal === 'SIGTERM' ? 'firing' : 'resolved')).toBe(true);
      await until('and works', took('StillHere', 'room-1'));
    },
    60_000,
  );
});
