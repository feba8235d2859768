import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

export type Metrics = ReturnType<typeof createMetrics>;

/** From the fastest answer we see to a day's outage. */
const SECONDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600];

/** All instruments on a registry of their own, so that two apps in one process never share a number. */
export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Counter<L>({ name: `zhiban_${name}`, help, labelNames, registers });
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Gauge<L>({ name: `zhiban_${name}`, help, labelNames, registers });
  const histogram = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Histogram<L>({ name: `zhiban_${name}`, help, labelNames, buckets: SECONDS, registers });
  return {
    registry,
    alertsReceived: counter('alerts_received_total', 'Alerts accepted', ['source', 'status']),
    requestsRefused: counter('requests_refused_total', 'Requests refused at an entrance', ['route', 'reason']),
    incidentsOpen: gauge('incidents_open', 'Unresolved incidents', ['severity']),
    ingestDuration: histogram('ingest_duration_seconds', 'Request received until committed', []),
    firstCard: histogram('first_card_seconds', 'Alert accepted until its first card is shown', []),
    deliveries: counter('deliveries_total', 'Deliveries by how they ended', ['channel', 'outcome']),
    deliveryAttempts: counter('delivery_attempts_total', 'Outgoing calls by class of result', ['channel', 'class']),
    outboxDepth: gauge('outbox_depth', 'Due placements and messages', ['channel']),
    outboxOldest: gauge('outbox_oldest_seconds', 'Age of the oldest due placement or message', ['channel']),
    diagnosisSeconds: histogram('diagnosis_seconds', 'Time a diagnosis took', ['provider']),
    llmTokens: counter('llm_tokens_total', 'Tokens used', ['provider', 'kind']),
    llmCost: counter('llm_cost_total', 'Money spent', ['provider']),
    breakerState: gauge('breaker_state', '0 closed, 1 half open, 2 open', ['provider']),
    actions: counter('actions_total', 'What people did', ['action', 'channel', 'outcome']),
    channelConnected: gauge('channel_connected', '1 while the channel is connected', ['channel']),
  };
}
