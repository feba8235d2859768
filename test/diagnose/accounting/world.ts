import type { Price, Quota } from '../../../src/cards/usage.ts';
import { createAfford } from '../../../src/diagnose/accounting/afford.ts';
import { type MeteredDeps, createMetered } from '../../../src/diagnose/accounting/metered.ts';
import { createPeriods } from '../../../src/diagnose/accounting/periods.ts';
import type { ModelCall, NewEvent } from '../../../src/diagnose/accounting/ports.ts';
import { createTell } from '../../../src/diagnose/accounting/tell.ts';
import type { Model, ModelReply, ModelRequest } from '../../../src/diagnose/providers/model.ts';
import { type Log, createLog } from '../../../src/telemetry/log.ts';
import { createMetrics } from '../../../src/telemetry/metrics.ts';

export const NOW = Date.parse('2026-11-22T08:00:00Z');

export const quota = (changes: Partial<Quota> = {}): Quota => ({
  id: 'q1',
  subjectKind: 'provider',
  subject: '*',
  period: 'week',
  measure: 'tokens',
  amount: 1000,
  threshold: 0.8,
  enabled: true,
  createdAt: 0,
  ...changes,
});

export const price = (changes: Partial<Price> = {}): Price => ({
  id: 'p1',
  provider: 'openai',
  model: '',
  inputPerMillion: 2,
  outputPerMillion: 10,
  currency: 'USD',
  createdAt: 0,
  ...changes,
});

export const call = (changes: Partial<ModelCall> = {}): ModelCall => ({
  at: NOW,
  provider: 'openai',
  model: 'sim-1',
  purpose: 'diagnose',
  tokensIn: 100,
  tokensOut: 50,
  latencyMs: 20,
  outcome: 'ok',
  ...changes,
});

export const reply = (changes: Partial<ModelReply> = {}): ModelReply => ({
  text: 'yes',
  toolCalls: [],
  usage: { tokensIn: 100, tokensOut: 50 },
  model: 'sim-1',
  warnings: [],
  ...changes,
});

export const modelThat = (complete: (request: ModelRequest) => Promise<ModelReply>): Model => ({
  name: 'openai',
  kind: 'openai',
  timeoutMs: 1000,
  concurrency: 4,
  promptTokens: 1000,
  formats: ['prompt'],
  tools: false,
  probe: async () => ({ ok: true, problems: [] }),
  complete,
});

export const request = (changes: Partial<ModelRequest> = {}): ModelRequest => ({
  system: 'You are asked.',
  messages: [{ role: 'user', text: 'Why is checkout slow?' }],
  maxOutputTokens: 100,
  subject: 'incident-1',
  signal: new AbortController().signal,
  ...changes,
});

const SILENT = createLog('silent', []);

export interface WorldOptions {
  readonly budget?: number;
  readonly quotas?: readonly Quota[];
  readonly prices?: readonly Price[];
  readonly calls?: readonly ModelCall[];
  /** What storing a call comes to. */
  readonly record?: () => Promise<void>;
  readonly log?: Log;
}

/** Accounting over rows in memory; Alice is known by two ids. */
export function createWorld({
  budget,
  quotas = [],
  prices = [],
  calls: before = [],
  record,
  log = SILENT,
}: WorldOptions = {}) {
  const calls = [...before];
  const events: NewEvent[] = [];
  let sums = 0;
  const metrics = createMetrics();
  const shared = {
    clock: { now: () => NOW },
    log,
    quotas: async () => quotas,
    prices: async () => prices,
    idsOf: async (id: string): Promise<readonly [string, ...string[]]> =>
      ['op1', 'lark:ou_a'].includes(id) ? ['op1', 'lark:ou_a'] : [id],
    currency: 'USD',
    periods: createPeriods('UTC'),
  };
  const inUsd = (cost: ModelCall['cost']) => (cost?.currency === 'USD' ? cost.amount : 0);
  const sum = (all: readonly ModelCall[], of: (one: ModelCall) => number) =>
    all.reduce((total, one) => total + of(one), 0);
  const afford = createAfford({
    ...shared,
    ...(budget === undefined ? {} : { budget }),
    calls: {
      used: async (kind, ids, from) => {
        sums += 1;
        const idOf = (one: ModelCall) => (kind === 'person' ? one.person?.id : one.provider) ?? '';
        const mine = calls.filter((one) => one.at >= from && ids.includes(idOf(one)));
        const tokens = sum(mine, ({ tokensIn, tokensOut }) => tokensIn + tokensOut);
        return { calls: mine.length, tokens, cost: sum(mine, ({ cost }) => inUsd(cost)) };
      },
      spent: async (from) => {
        sums += 1;
        const mine = calls.filter((one) => one.at >= from);
        return sum(mine, ({ cost }) => inUsd(cost));
      },
    },
  });
  const tell = createTell({
    ...shared,
    standings: afford.standings,
    record: async (event) => {
      // As the unique index does: looked up only when the row is written.
      await Promise.resolve();
      if (events.some(({ dedupeKey }) => dedupeKey === event.dedupeKey)) return false;
      events.push(event);
      return true;
    },
  });
  const deps: MeteredDeps = {
    ...shared,
    metrics,
    calls: {
      record: async (one) => {
        await record?.();
        calls.push(one);
      },
    },
    onRecorded: tell.afterCall,
  };
  return { ...afford, ...tell, metered: createMetered(deps), calls, events, metrics, sums: () => sums };
}
