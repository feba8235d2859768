import { createAssistant } from '../../../src/diagnose/assistant/assistant.ts';
import type { Inquiry, Library, Progress } from '../../../src/diagnose/assistant/ports.ts';
import { createChain } from '../../../src/diagnose/chain/chain.ts';
import type { EvidenceSource } from '../../../src/diagnose/evidence/source.ts';
import type { Facts, KnownIncident } from '../../../src/diagnose/ports.ts';
import { loadPrompt } from '../../../src/diagnose/prompt.ts';
import type { Model } from '../../../src/diagnose/providers/model.ts';
import { createOpenAi } from '../../../src/diagnose/providers/openai.ts';
import { createRedactor } from '../../../src/diagnose/redact/redactor.ts';
import { createLog } from '../../../src/telemetry/log.ts';
import { createMetrics } from '../../../src/telemetry/metrics.ts';

export const NOW = Date.UTC(2026, 10, 22, 12);
export const KEY = 'sk-test-0123456789abcdef';
export const EDGES = { clock: { now: () => NOW }, random: Math.random, fetch };

export const incident = (id: string, title: string, labels: Readonly<Record<string, string>> = {}): KnownIncident => ({
  id,
  title,
  labels,
  status: 'open',
  severity: 'critical',
  summary: '',
  source: 'alertmanager',
  integration: 'default',
  openedAt: NOW - 600_000,
});

const factsOf = (of: KnownIncident): Facts => ({
  incident: of,
  alerts: [
    {
      id: `${of.id}-a`,
      status: 'firing',
      severity: 'critical',
      severityRaw: 'critical',
      title: of.title,
      summary: 'too slow',
      integration: 'default',
      labels: of.labels,
      annotations: {},
      links: [],
      startsAt: of.openedAt,
      receivedAt: of.openedAt,
    },
  ],
});

/** Records with these open incidents and nothing else. */
export const libraryOf = (open: readonly KnownIncident[], over: Partial<Library> = {}): Library => ({
  facts: async (id) => open.filter((one) => one.id === id).map(factsOf)[0],
  diagnosis: async () => undefined,
  timeline: async () => [],
  open: async () => open,
  find: async (words) => open.filter(({ title }) => title.includes(words)),
  changes: async () => [],
  runbooks: async () => [],
  past: {
    corpus: async () => ({ documents: 0, frequencies: new Map(), averageLength: 1 }),
    candidates: async () => [],
  },
  sources: [],
  mcpTools: async () => [],
  ...over,
});

export const source = (name: string, collect: EvidenceSource['collect']): EvidenceSource => ({
  name,
  timeoutMs: 1000,
  collect,
});

export const openAi = (baseUrl: string): Model =>
  createOpenAi({ name: 'openai', baseUrl, model: 'sim-1', timeoutMs: 3000, concurrency: 2, apiKey: KEY, edges: EDGES });

export interface AssistantWorld {
  readonly models: readonly Model[];
  readonly library: Library;
  readonly metered?: Parameters<typeof createAssistant>[0]['metered'];
  readonly policy?: 'full' | 'redacted' | 'metadata_only';
}

/** An assistant over these models; resolves to what it answered and how it grew. */
export async function askWith(
  { models, library, metered = (model) => model, policy = 'redacted' }: AssistantWorld,
  text: string,
  over: Partial<Inquiry> = {},
  signal: AbortSignal = new AbortController().signal,
) {
  const log = createLog('silent', []);
  const chain = createChain({
    models: () => models,
    ...EDGES,
    log,
    metrics: createMetrics(),
    onOpen: () => undefined,
    slotWaitMs: 100,
  });
  const answer = createAssistant({
    library,
    chain,
    afford: async () => 'yes',
    metered,
    prompts: { 'zh-CN': await loadPrompt('ask', 1, 'zh-CN'), 'en-US': await loadPrompt('ask', 1, 'en-US') },
    redactor: createRedactor({ secrets: [KEY], policy }),
    policy,
    nonce: () => 'n0123456789',
    shown: createRedactor({ secrets: [KEY], policy: 'full' }),
    clock: EDGES.clock,
    log,
    toolMs: 300,
  });
  const inquiry: Inquiry = {
    text,
    conversation: { turns: [] },
    subject: 'subject-1',
    person: { id: 'playground:chen', name: '陈默' },
    locale: 'en-US',
    timezone: 'UTC',
    ...over,
  };
  const grown: Progress[] = [];
  const answered = await answer(inquiry, (progress) => void grown.push(progress), signal);
  return { answered, grown };
}
