import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createAlertmanager } from '../../../src/diagnose/evidence/alertmanager/alertmanager.ts';
import { createReader } from '../../../src/diagnose/evidence/http.ts';
import { freePort } from '../../support/free-port.ts';
import { hasProgram, startAlertmanager } from '../../support/monitoring.ts';
import { MINUTE, aboutOf } from './alerted.ts';

describe.skipIf(!hasProgram('prometheus-alertmanager'))('with Debian’s Alertmanager', () => {
  it('tells what else fires, also when it is asked for one label only', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'zhiban-alertmanager-'));
    const credentials = { user: 'u', password: 'a-password-of-the-test' };
    const options = { folder, webhook: 'http://127.0.0.1:9/', port: await freePort(), ...credentials };
    const alertmanager = await startAlertmanager(options);
    try {
      const now = Math.floor(Date.now() / 1000) * 1000;
      const pod = 'checkout"\\1';
      const ours = { alertname: 'CheckoutSlow', namespace: 'shop', pod };
      const all = [
        ours,
        { alertname: 'PodKilled', pod },
        { alertname: 'RedisDown', namespace: 'shop' },
        { alertname: 'Far' },
      ];
      const pushed = await fetch(`${alertmanager.url}/api/v2/alerts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(
          all.map((labels) => ({
            labels,
            startsAt: new Date(now - 4 * MINUTE).toISOString(),
            annotations: { summary: 's' },
          })),
        ),
      });
      expect(pushed.status).toBe(200);
      const titles = async (maxBytes: number): Promise<readonly string[]> => {
        const reader = createReader({ name: 'alertmanager', base: alertmanager.url, fetch, timeoutMs: 5000, maxBytes });
        const about = aboutOf({ labels: ours, startedAt: now, now });
        const found = await createAlertmanager({ reader }).collect(about, AbortSignal.timeout(10_000));
        return found.map(({ title, text }) => `${title}: ${text.split('\n')[0]?.replace(/.*shares /, '') ?? ''}`);
      };
      const whole = createReader({ name: 'alertmanager', base: alertmanager.url, fetch, timeoutMs: 5000 });
      expect(await createAlertmanager({ reader: whole }).check?.(AbortSignal.timeout(10_000), 'en-US')).toEqual([]);
      expect(await titles(100_000)).toEqual([
        String.raw`Also firing · PodKilled: pod="checkout"\1"`,
        'Also firing · RedisDown: namespace="shop"',
        'Other firing alerts: 1 more fire that share no telling label with this incident: Far ×1',
      ]);
      // Four do not fit, the two of this pod do.
      expect(await titles(1000)).toEqual([
        String.raw`Also firing · PodKilled: pod="checkout"\1"`,
        String.raw`Other firing alerts: too many fire to read them all: only those with pod="checkout\"\\1" were looked at`,
      ]);
    } finally {
      await alertmanager.end();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
