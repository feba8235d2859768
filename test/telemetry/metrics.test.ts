import { expect, it } from 'vitest';
import { createMetrics } from '../../src/telemetry/metrics.ts';

/** Public: dashboards and alerting rules are written against these names and labels. */
const PUBLISHED = {
  alerts_received_total: ['source', 'status'],
  incidents_open: ['severity'],
  ingest_duration_seconds: [],
  first_card_seconds: [],
  deliveries_total: ['channel', 'outcome'],
  delivery_attempts_total: ['channel', 'class'],
  outbox_depth: ['channel'],
  outbox_oldest_seconds: ['channel'],
  diagnosis_seconds: ['provider'],
  llm_tokens_total: ['provider', 'kind'],
  llm_cost_total: ['provider'],
  breaker_state: ['provider'],
  actions_total: ['action', 'channel', 'outcome'],
  channel_connected: ['channel'],
};

it('has every published metric with its labels, and Node’s own', () => {
  const { registry } = createMetrics();
  const labels = new Map(
    registry
      .getMetricsAsArray()
      .map((metric) => [metric.name, (metric as { labelNames?: readonly string[] }).labelNames]),
  );
  for (const [name, names] of Object.entries(PUBLISHED))
    expect([name, labels.get(`zhiban_${name}`)]).toEqual([name, names]);
  expect(labels.has('nodejs_eventloop_lag_seconds')).toBe(true);
});
