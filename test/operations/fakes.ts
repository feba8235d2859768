import type { UsageView } from '../../src/cards/usage.ts';
import type { Incident, IncidentId } from '../../src/incident/incident.ts';
import type { IncidentAction, RespondContext, Response } from '../../src/incident/ports.ts';
import { createFakeRunbooks } from '../support/runbooks.ts';
import type { Context } from '../../src/operations/operation.ts';
import type { AuditEntry } from '../../src/operations/audit-port.ts';
import type { Delivery } from '../../src/operations/deliveries-port.ts';
import type { Binding } from '../../src/operations/bindings-port.ts';
import type { Operator } from '../../src/operations/operators-port.ts';
import type { OperationPorts } from '../../src/operations/ports.ts';
import type { Silence } from '../../src/operations/silences-port.ts';
import type { Target } from '../../src/operations/targets-port.ts';

export const NOW = Date.parse('2026-11-22T03:00:00Z');

export const id = (text: string): IncidentId => text as IncidentId;

export const incidentWith = (changes: Partial<Incident> = {}): Incident => ({
  id: id('INC-20261122-003'),
  seq: 1,
  key: 'k',
  status: 'open',
  severity: 'critical',
  title: 'Disk full',
  summary: '',
  source: 'alertmanager',
  integration: 'default',
  labels: {},
  links: [],
  revision: 4,
  ring: 1,
  ringReason: 'opened',
  alertsCount: 1,
  firingCount: 1,
  openedAt: NOW - 60_000,
  lastSeenAt: NOW,
  ...changes,
});

export const targetWith = (changes: Partial<Target> = {}): Target => ({
  id: 't1',
  name: 'lobby',
  channel: 'playground',
  address: 'lobby',
  hasSecret: false,
  hasFallback: false,
  enabled: true,
  pending: false,
  state: 'ok',
  stateSince: 0,
  createdAt: 0,
  ...changes,
});

export const contextWith = (changes: Partial<Context> = {}): Context => ({
  actor: { id: 'playground:alice', name: 'Alice', via: 'playground' },
  right: 'responder',
  locale: 'en-US',
  timezone: 'UTC',
  traceId: 'trace',
  chat: 'playground:lobby',
  targetId: 't1',
  now: NOW,
  ...changes,
});

export interface Fakes {
  readonly ports: OperationPorts;
  readonly asked: { id: string; action: IncidentAction; context: RespondContext }[];
  readonly audited: AuditEntry[];
  readonly shown: string[];
  readonly accepted: unknown[];
  incidents: Incident[];
  operators: Operator[];
  targets: Target[];
  bindings: Binding[];
  silences: Silence[];
  deliveries: Delivery[];
  messages: Map<string, IncidentId>;
  cards: Map<string, IncidentId>;
  usage: UsageView;
  /** What the next action comes to; by default it succeeds. */
  respond: (incident: Incident, action: IncidentAction) => Response;
}

/** Every port in memory: small, honest about what was asked, and nothing else. */
export function createFakes(): Fakes {
  const fakes: Fakes = {
    asked: [],
    audited: [],
    shown: [],
    accepted: [],
    incidents: [incidentWith()],
    operators: [],
    targets: [targetWith()],
    bindings: [],
    silences: [],
    deliveries: [],
    messages: new Map(),
    cards: new Map(),
    usage: {
      from: NOW - 86_400_000,
      to: NOW,
      currency: 'USD',
      configured: false,
      providers: [],
      quotas: [],
      people: [],
    },
    respond: (incident) => ({ ok: true, incident }),
    ports: undefined as unknown as OperationPorts,
  };
  return Object.assign(fakes, { ports: portsOf(fakes) });
}

function portsOf(fakes: Fakes): OperationPorts {
  const page = <T>(items: readonly T[]) => ({ items, next: null, total: items.length });
  const preferences = new Map<string, 'zh-CN' | 'en-US'>();
  return {
    respond: async (incidentId, action, context) => {
      fakes.asked.push({ id: incidentId, action, context });
      const incident = fakes.incidents.find((one) => one.id === incidentId);
      return incident === undefined ? { ok: false, reason: 'not_found' } : fakes.respond(incident, action);
    },
    accept: async (arrival) => {
      fakes.accepted.push(arrival);
      return { incidents: [{ id: id('INC-20261122-009'), status: 'open', created: true }] };
    },
    parsePastedAlert: (text, senderId) =>
      text.includes('告警')
        ? [
            {
              integration: 'default',
              source: 'custom',
              status: 'firing',
              fingerprint: senderId,
              title: text,
              summary: '',
              severity: 'warning',
              labels: {},
              annotations: {},
              links: [],
            },
          ]
        : [],
    examine: async ([alert], now) => ({
      id: '',
      incidentId: '',
      status: 'ready',
      provider: 'rules',
      promptVersion: 'rules.v1',
      family: 'latency',
      summary: `examined ${alert?.title ?? ''}`,
      causes: [{ statement: 'the database is slow', confidence: 0.4, evidenceIds: ['E1'], key: 'latency/database' }],
      steps: [],
      evidence: [{ id: 'E1', source: 'alert', title: 'alert', text: alert?.title ?? '', at: now }],
      confidence: 0.4,
      createdAt: now,
    }),
    incidents: {
      get: async (wanted) => fakes.incidents.find((one) => one.id === wanted),
      list: async ({ status, assigneeIds }) =>
        page(
          fakes.incidents.filter(
            (one) =>
              (status === undefined || status.includes(one.status)) &&
              (assigneeIds === undefined || assigneeIds.includes(one.assigneeId ?? '')),
          ),
        ),
      view: async (wanted) => {
        const incident = fakes.incidents.find((one) => one.id === wanted);
        return incident && { incident, alerts: [], hints: [], timeline: [] };
      },
      ofMessage: async (_target, ref) => fakes.messages.get(ref),
      ofCard: async (_target, ref) => fakes.cards.get(ref),
    },
    silences: {
      create: async ({ matchers, until, reason, actor }) => {
        const made: Silence = {
          id: `s${fakes.silences.length + 1}`,
          matchers,
          startsAt: NOW,
          endsAt: until,
          createdBy: actor.id,
          createdName: actor.name,
          createdAt: NOW,
          ...(reason === undefined ? {} : { reason }),
        };
        fakes.silences.push(made);
        return made;
      },
      active: async () => fakes.silences,
      remove: async (wanted) => {
        const before = fakes.silences.length;
        fakes.silences = fakes.silences.filter((one) => one.id !== wanted);
        return fakes.silences.length < before;
      },
    },
    operators: {
      list: async () => fakes.operators,
      find: async (wanted) => fakes.operators.find((one) => one.id === wanted || one.name === wanted),
      byExternalId: async (externalId) => fakes.operators.find(({ ids }) => ids.includes(externalId)),
      anyNamed: async (role, channel) =>
        fakes.operators.some(
          (one) =>
            (role === 'admin' ? one.role === 'admin' : one.role !== 'reader') &&
            (channel === undefined || one.ids.some((external) => external.startsWith(`${channel}:`))),
        ),
      add: async () => Promise.reject(new Error('not needed')),
      remove: async () => false,
      makeLinkCode: async () => ({ code: 'K7QM-2F9P', expiresAt: NOW + 1 }),
      redeemLinkCode: async (code) => (code === 'K7QM-2F9P' ? fakes.operators[0] : undefined),
    },
    targets: {
      list: async () => fakes.targets,
      get: async (wanted) => fakes.targets.find((one) => one.id === wanted),
      byAddress: async (channel, address) =>
        fakes.targets.find((one) => one.channel === channel && one.address === address),
      find: async (words) => fakes.targets.find((one) => one.id === words || one.name === words),
      ensure: async (channel, address, { pending, fallback, name = address }) => {
        const known = fakes.targets.find((one) => one.channel === channel && one.address === address);
        if (known) return known;
        const next = `t${fakes.targets.length + 1}`;
        const made = targetWith({ id: next, name, channel, address, pending, hasFallback: Boolean(fallback) });
        fakes.targets.push(made);
        return made;
      },
      update: async (wanted, { fallback, ...rest }) => {
        const changes = { ...rest, ...(fallback !== undefined && { hasFallback: fallback !== null }) };
        fakes.targets = fakes.targets.map((one) => (one.id === wanted ? ({ ...one, ...changes } as Target) : one));
        return fakes.targets.find((one) => one.id === wanted);
      },
      remove: async () => false,
      rememberTest: async () => undefined,
    },
    bindings: {
      list: async ({ targetId } = {}) =>
        fakes.bindings.filter((one) => targetId === undefined || one.targetId === targetId),
      get: async (wanted) => fakes.bindings.find((one) => one.id === wanted),
      add: async (binding) => {
        const made = { ...binding, id: `b${fakes.bindings.length + 1}`, createdAt: NOW };
        fakes.bindings.push(made);
        return made;
      },
      update: async () => undefined,
      remove: async (wanted) => {
        fakes.bindings = fakes.bindings.filter((one) => one.id !== wanted);
        return true;
      },
    },
    preferences: {
      locale: async (subject) => preferences.get(subject),
      setLocale: async (subject, locale) => void preferences.set(subject, locale),
    },
    reports: {
      report: async (kind, from, to) => ({
        kind,
        from,
        to,
        opened: { critical: 1, warning: 2, info: 0 },
        resolved: { critical: 0, warning: 1, info: 0 },
        noisiest: [],
      }),
      status: async () => ({
        open: 1,
        acknowledged: 0,
        bySeverity: { critical: 1, warning: 0, info: 0 },
        silences: 0,
        targets: [],
        waiting: 0,
      }),
    },
    deliveries: {
      why: async (wanted) => {
        const incident = fakes.incidents.find((one) => one.id === wanted);
        return incident && { incident, places: [], attempts: [], timeline: [] };
      },
      list: async () => page([]),
      get: async (wanted) => fakes.deliveries.find((one) => one.id === wanted),
      retry: async (wanted) => {
        const dead = fakes.deliveries.find((one) => one.id === wanted && one.state === 'dead');
        return dead && { ...dead, state: 'due' };
      },
      showNow: async (wanted, targetId) => void fakes.shown.push(`${wanted}@${targetId}`),
    },
    audit: {
      record: async (entry) => void fakes.audited.push(entry),
      get: async (wanted) => {
        const entry = fakes.audited[Number(wanted) - 1];
        return entry && { ...entry, id: wanted };
      },
      list: async () => page(fakes.audited.map((entry, at) => ({ ...entry, id: String(at + 1) }))),
    },
    testTarget: async () => ({ at: NOW, ok: true, ms: 12, detail: 'ref' }),
    runbooks: createFakeRunbooks(),
    usage: async () => fakes.usage,
    publicUrl: 'http://localhost:8080',
    defaultTargetId: 't-default',
  };
}
