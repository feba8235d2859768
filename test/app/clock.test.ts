import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createApp } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { RateLimited } from '../../src/errors.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { createFakeChannel } from '../support/fake-channel.ts';

const HOUR = 3_600_000;

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
    const alert = async (alertname: string): Promise<void> => {
      const labels = { alertname, severity: 'critical' };
      const body = { version: '4', status: 'firing', groupLabels: labels, alerts: [{ status: 'firing', labels }] };
      await fetch(`http://127.0.0.1:${port}/api/alert`, { method: 'POST', body: JSON.stringify(body) });
    };
    return { alert, stop: app.stop };
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
