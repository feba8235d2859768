import type { CardContext, IncidentView, StormView } from '../../src/cards/view.ts';
import type { Diagnosis } from '../../src/diagnose/diagnosis.ts';
import type { AlertRow } from '../../src/incident/alert.ts';
import { type Incident, type IncidentId, type TimelineEntry, SYSTEM } from '../../src/incident/incident.ts';

/** 2026-11-22 03:04:05 in Shanghai. */
export const OPENED = Date.UTC(2026, 10, 21, 19, 4, 5);
const MINUTE = 60_000;

export const ZH: CardContext = { locale: 'zh-CN', timezone: 'Asia/Shanghai', publicUrl: 'https://zhiban.example' };
export const EN: CardContext = { ...ZH, locale: 'en-US' };

export const incident = (changes: Partial<Incident> = {}): Incident => ({
  id: 'INC-20261122-042' as IncidentId,
  seq: 42,
  key: 'default/alertname=HighErrorRate',
  status: 'open',
  severity: 'critical',
  title: 'checkout 5xx 错误率 12%',
  summary: '最近 5 分钟 12% 的下单请求失败',
  source: 'alertmanager',
  integration: 'default',
  labels: { alertname: 'HighErrorRate', cluster: 'prod', namespace: 'shop', service: 'checkout' },
  links: [
    { kind: 'graph', url: 'http://prometheus.example:9090/graph?g0.expr=up' },
    { kind: 'runbook', url: 'https://runbooks.example/checkout-5xx' },
  ],
  revision: 7,
  ring: 1,
  ringReason: 'opened',
  alertsCount: 3,
  firingCount: 2,
  openedAt: OPENED,
  lastSeenAt: OPENED + 5 * MINUTE,
  ...changes,
});

export const alert = (pod: string, changes: Partial<AlertRow> = {}): AlertRow => ({
  id: `alert-${pod}`,
  identity: `default/alertmanager/${pod}`,
  integration: 'default',
  source: 'alertmanager',
  status: 'firing',
  fingerprint: pod,
  title: 'HighErrorRate',
  summary: '',
  severity: 'critical',
  labels: { alertname: 'HighErrorRate', cluster: 'prod', namespace: 'shop', service: 'checkout', pod },
  annotations: {},
  startsAt: OPENED,
  links: [],
  receivedAt: OPENED,
  lastSeenAt: OPENED,
  repeats: 0,
  longestGapMs: 0,
  digest: '',
  ...changes,
});

export const diagnosis = (changes: Partial<Diagnosis> = {}): Diagnosis => ({
  id: 'diag-1',
  incidentId: 'INC-20261122-042',
  status: 'ready',
  provider: 'rules',
  promptVersion: '1',
  family: 'http_5xx',
  summary: '错误集中在支付上游',
  causes: [
    {
      statement: '支付上游超时',
      confidence: 0.72,
      evidenceIds: ['E1', 'E2'],
      key: 'http_5xx/upstream',
      seen: 5,
      confirmed: 3,
    },
    { statement: '刚发布的版本有缺陷', confidence: 0.2, evidenceIds: ['E2'], key: 'http_5xx/release' },
  ],
  steps: [
    { text: '查看支付网关的延迟', risk: 'safe' },
    { text: '回滚 checkout', risk: 'careful', command: 'kubectl rollout undo deploy/checkout' },
    { text: '切断支付流量', risk: 'dangerous' },
  ],
  evidence: [
    { id: 'E1', source: 'alert', title: '错误率', text: '12%', at: OPENED },
    {
      id: 'E2',
      source: 'prometheus',
      title: '规则',
      query: 'rate(http_errors[5m])',
      text: '命中 http_5xx',
      at: OPENED,
    },
  ],
  confidence: 0.72,
  createdAt: OPENED + 4000,
  ...changes,
});

export const entry = (kind: TimelineEntry['kind'], changes: Partial<TimelineEntry> = {}): TimelineEntry => ({
  at: OPENED,
  kind,
  actor: SYSTEM,
  data: {},
  ...changes,
});

export const ALICE = { id: 'playground:alice', name: '张三', via: 'playground' };

export const view = (changes: Partial<IncidentView> = {}): IncidentView => ({
  incident: incident(),
  alerts: [alert('checkout-1'), alert('checkout-2'), alert('checkout-3', { status: 'resolved' })],
  hints: ['HTTP 5xx 通常是上游或刚发布的版本'],
  timeline: [entry('opened')],
  ...changes,
});

export const storm = (changes: Partial<StormView> = {}): StormView => ({
  id: 'storm-1',
  revision: 3,
  startedAt: OPENED,
  total: 300,
  bySeverity: { critical: 2, warning: 290, info: 8 },
  byStatus: { open: 298, acknowledged: 1, resolved: 1 },
  listed: [incident()],
  ...changes,
});
