import { afterEach, expect, it } from 'vitest';
import { ContentRefused, PlatformUnavailable } from '../../src/errors.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { createFakeChannel } from '../support/fake-channel.ts';
import { type World, openWorld, until } from './world.ts';

let world: World;
afterEach(() => world.close());

it('every call is a line of the log and is counted; a first card that may be there twice is too', async () => {
  const lines: Record<string, unknown>[] = [];
  const log = createLog('info', [], { write: (line) => void lines.push(JSON.parse(line)) });
  const fake = createFakeChannel({ idempotency: 'none' });
  world = await openWorld('sqlite', { channels: [fake.channel], log });
  await world.addTarget('room-1');
  fake.script(() => {
    fake.script(undefined);
    throw new PlatformUnavailable('the answer was lost', true);
  });
  world.start();
  const [id = ''] = await world.alert(['Disk']);
  await world.settled();
  const said = lines.filter(({ action }) => String(action).startsWith('webhook_send'));
  expect(said).toMatchObject([
    { action: 'webhook_send_failed', level: 'warn', subject: id, target: 'room-1', verb: 'post', revision: 1 },
    { action: 'webhook_send', level: 'info', subject: id, target: 'room-1', verb: 'post', revision: 1 },
  ]);
  const metrics = await world.metrics.registry.metrics();
  for (const line of [
    'zhiban_deliveries_total{channel="fake",outcome="shown"} 1',
    'zhiban_deliveries_total{channel="fake",outcome="maybe_duplicate"} 1',
    'zhiban_delivery_attempts_total{channel="fake",class="ok"} 1',
    'zhiban_first_card_seconds_count 1',
    'zhiban_outbox_depth{channel="fake"} ',
    'zhiban_outbox_oldest_seconds{channel="fake"} ',
  ])
    expect(metrics).toContain(line);
});

it('a notification that is given up is an error of its own in the log; what somebody waits for is not', async () => {
  const lines: Record<string, unknown>[] = [];
  const log = createLog('info', [], { write: (line) => void lines.push(JSON.parse(line)) });
  const fake = createFakeChannel();
  world = await openWorld('sqlite', { channels: [fake.channel], log });
  await world.addTarget('room-1');
  fake.script(({ about }) => {
    if (about === 'twice' && fake.calls.filter((call) => call.about === 'twice').length === 1)
      throw new PlatformUnavailable('not now', false);
    throw new ContentRefused(`${about} is refused`);
  });
  const enqueue = (kind: 'attention' | 'report' | 'answer', text: string) =>
    world.write('job', (trx) =>
      world.store.enqueue(
        trx,
        { targetId: 'room-1', kind, payload: { kind: 'message', content: { kind: 'text', text: [{ text }] } } },
        world.clock.now(),
      ),
    );
  await enqueue('attention', 'twice');
  await enqueue('report', 'once');
  await enqueue('answer', 'asked');
  world.start();
  await until(async () => {
    const dead = await world.database.db.selectFrom('outbox').select('id').where('state', '=', 'dead').execute();
    return dead.length === 3;
  });
  await expect.poll(() => lines.filter(({ action }) => action === 'webhook_send_failed')).toHaveLength(4);
  const given = lines.filter(({ action }) => action === 'notification_job_failed');
  expect(given.toSorted((a, b) => Number(b['attempts']) - Number(a['attempts']))).toMatchObject([
    { level: 'error', target: 'room-1', verb: 'attention', attempts: 2, error: expect.stringContaining('refused') },
    {
      level: 'error',
      target: 'room-1',
      verb: 'report',
      attempts: 1,
      error: expect.stringContaining('once is refused'),
    },
  ]);
});
