import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createApp } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { RateLimited } from '../../src/errors.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { createFakeChannel } from '../support/fake-channel.ts';

const HOUR = 3_600_000;

interface Incident {
  readonly title: string;
  readonly stale_since: string | null;
}

/** Servers on one folder, one after the other, whose clock the test sets. */
function world() {
  const folder = mkdtempSync(join(tmpdir(), 'zhiban-clock-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const platform = createFakeChannel();
  const set = { aheadMs: 0 };
  const start = async () => {
    const app = await createApp(
      readConfig({ PORT: '0', DATA_DIR: folder, RUNBOOKS_DIR: join(folder, 'runbooks'), DEFAULT_TARGET: 'fake:room' }),
      {
        edges: { clock: { now: () => Date.now() + set.aheadMs }, random: Math.random, fetch },
        log: createLog('silent', []),
        channels: [platform.channel],
        onLost: () => undefined,
      },
    );
    const { port } = await app.start();
    const url = `http://127.0.0.1:${port}/api`;
    const alert = async (alertname: string, more = {}): Promise<void> => {
      const labels = { alertname, severity: 'critical' };
      const alerts = [{ status: 'firing', labels, ...more }];
      const body = { version: '4', status: 'firing', groupLabels: labels, alerts };
      await fetch(`${url}/alert`, { method: 'POST', body: JSON.stringify(body) });
    };
    const incidents = async () => {
      const { data } = (await (await fetch(`${url}/v1/incidents`)).json()) as { data: { items: readonly Incident[] } };
      return data.items.map(({ title, stale_since: stale }) => [title, stale]);
    };
    return { alert, incidents, stop: app.stop };
  };
  const shown = (title: string): boolean =>
    platform.calls.some((call) => call.ref !== undefined && call.title.includes(title));
  return { platform, set, start, shown };
}

describe('when the clock is set back by an hour', () => {
  it('a target that was asked to wait for seconds does not wait for an hour', async () => {
    const { platform, set, start, shown } = world();
    const { alert, stop } = await start();
    onTestFinished(stop);
    let refusals = 1;
    platform.script(() => {
      if ((refusals -= 1) >= 0) throw new RateLimited('fake', 1000);
    });
    await alert('BeforeIt');
    await expect.poll(() => refusals).toBe(0);
    set.aheadMs -= HOUR;
    await alert('AfterIt');
    await expect.poll(() => shown('BeforeIt') && shown('AfterIt')).toBe(true);
  });

  it('while we were away, what waited goes on with the next start', async () => {
    const { platform, set, start, shown } = world();
    platform.script(() => {
      throw new RateLimited('fake', 1000);
    });
    const first = await start();
    await first.alert('BeforeIt');
    await expect.poll(() => platform.calls.length).toBe(1);
    await first.stop();
    set.aheadMs -= HOUR;
    platform.script(undefined);
    const second = await start();
    onTestFinished(second.stop);
    await second.alert('AfterIt');
    await expect.poll(() => shown('BeforeIt') && shown('AfterIt')).toBe(true);
  });
});

describe('when the machine slept for half a day', () => {
  it('nobody who said something before is taken for silent at its end', async () => {
    const { set, start } = world();
    const { alert, incidents, stop } = await start();
    onTestFinished(stop);
    for (const startsAt of ['2026-11-22T00:00:00Z', '2026-11-22T00:00:01Z']) await alert('Watchdog', { startsAt });
    await alert('StillFiring');
    set.aheadMs += 12 * HOUR;
    // Longer than all that looks for silence takes to look.
    await sleep(4000);
    expect(await incidents()).toEqual([['StillFiring', null]]);
  });
});
