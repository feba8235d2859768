import { expect, it } from 'vitest';
import { openApp } from '../support/app.ts';

it('one alert, its card, its diagnosis and a press are all counted', async () => {
  const app = await openApp();
  try {
    const id = await app.alert({ alertname: 'KubePodCrashLooping', severity: 'critical' });
    await app.act(id, 'ack');
    const metrics = async () => (await fetch(`${app.url}/metrics`)).text();
    await expect.poll(metrics).toContain('zhiban_diagnosis_seconds_count{provider="rules"} 1');
    await expect.poll(metrics).toContain('zhiban_first_card_seconds_count 1');
    const page = await metrics();
    for (const line of [
      'zhiban_alerts_received_total{source="alertmanager",status="firing"} 1',
      'zhiban_incidents_open{severity="critical"} 1',
      'zhiban_incidents_open{severity="warning"} 0',
      'zhiban_ingest_duration_seconds_count 1',
      'zhiban_actions_total{action="ack",channel="api",outcome="ok"} 1',
      'zhiban_channel_connected{channel="playground"} 1',
      'zhiban_outbox_depth{channel="playground"} ',
      'zhiban_deliveries_total{channel="playground",outcome="shown"} ',
    ])
      expect(page).toContain(line);
  } finally {
    await app.close();
  }
});
