import { toldOf } from '../facts.ts';
import { nameOf, textOf } from '../match.ts';
import type { EvidencePack } from '../provider.ts';
import { type Told, readable } from '../subject.ts';
import { hasChanged } from './courses.ts';
import { isAsUsual, isBackToNormal, isBorneOut } from './course-of-own.ts';
import { type Heard, isAnswered } from './hear.ts';
import { plannedWork } from './planned-work.ts';
import { STRONG, type Support } from './settle.ts';

/** Why nothing is wrong. */
export interface Calm {
  readonly kind:
    | 'test'
    | 'heartbeat'
    | 'notice'
    | 'planned'
    | 'recovered'
    | 'usual'
    | 'finished'
    | 'scaled'
    | 'rolled_out';
  /** What says so, for people: untrusted, one short line. */
  readonly said?: string;
}

/** What the alert alone tells: a sender's test, or a heartbeat doing its work. */
export function calmByItself(pack: Pick<EvidencePack, 'incident' | 'alerts'>): Calm | undefined {
  const told = toldOf(pack);
  if (told.every(isTest)) return { kind: 'test' };
  return told.every(isHeartbeat) ? { kind: 'heartbeat' } : undefined;
}

/** Its sender calls every alert of it a notice. */
const isNotice = ({ alerts }: EvidencePack): boolean =>
  alerts.length > 0 && alerts.every(({ severity, severityRaw }) => severity === 'info' && severityRaw !== undefined);

const isTest = (alert: Told): boolean => TEST.test(nameOf(alert)) || TEST.test(alert.title) || DRILL.test(alert.title);

const isHeartbeat = (alert: Told): boolean => HEARTBEAT.test(nameOf(alert)) && !SILENT.test(textOf(alert));

const TEST = /^\s*\[?(test(ing)?([\s_-]?alert|[\s_-]?notification)?|测试(告警|消息|通知)?|告警测试)\]?\s*$/i;
/** Marked as a rehearsal by its sender. */
const DRILL = /^\s*[[【(（](test|drill|rehearsal|测试|演练)[\]】)）]/i;
const HEARTBEAT = /^(watchdog|(prometheus)?(alertmanager)?(e2e)?dead_?man'?s?_?switch|infoinhibitor|always_?firing)$/i;
const SILENT = /silent|missing|absent|lost|stopped|no longer|中断|丢失|失联|沉默|静默/i;

/**
 * What the evidence tells: work that was announced, a value that is back or as on any other day, a job that ended well,
 * a scaling or rollout that did what it is for; or only a notice of its sender. Only planned work excuses trouble that the evidence tells of outright.
 */
export function calmByEvidence(pack: EvidencePack, heard: readonly Heard[], all: readonly Support[]): Calm | undefined {
  const isNoticed = isNotice(pack) && !(pack.matched !== undefined && heard.some(isKnownTrouble));
  if (!isAnswered(pack) && !pack.evidence.some(({ source }) => source === 'changes'))
    return isNoticed ? { kind: 'notice' } : undefined;
  const planned = plannedWork(pack, heard);
  if (planned !== undefined) return { kind: 'planned', said: readable(planned) };
  if (all.some(({ score }) => score >= STRONG)) return undefined;
  if (isNoticed) return { kind: 'notice' };
  if (heard.some(isFreshTrouble)) return undefined;
  return calmOfCluster(pack, all) ?? calmOfValue(pack, heard);
}

/** Senders call what may only bother a notice; what a rule knows is one no more while its value has changed and still holds. */
const isKnownTrouble = ({ kind, text }: Heard): boolean => kind === 'own' && isBorneOut(text);

/** A complaint that came with the start, or a state that is wrong now. */
const isFreshTrouble = ({ kind, trust }: Heard): boolean =>
  (kind === 'log' && trust >= 0.75) || (kind === 'state' && trust >= 0.8);

/** Something else of it changed about the start, and clearly. */
const isFreshChange = ({ kind, text, trust }: Heard): boolean => kind === 'metric' && trust >= 0.7 && hasChanged(text);

function calmOfValue({ alerts, incident }: EvidencePack, heard: readonly Heard[]): Calm | undefined {
  const own = heard.find(({ kind }) => kind === 'own');
  const isOver = alerts.length > 0 && alerts.every(({ status }) => status === 'resolved');
  if (isOver || (own !== undefined && isBackToNormal(own.text))) return { kind: 'recovered' };
  const isUsual = own !== undefined && incident.severity !== 'critical' && isAsUsual(own.text);
  return isUsual && !heard.some(isFreshChange) ? { kind: 'usual' } : undefined;
}

/** Its titles and event reasons are the cluster's own words. */
function calmOfCluster({ evidence, matched }: EvidencePack, all: readonly Support[]): Calm | undefined {
  const family = matched?.family.id ?? all[0]?.family.id ?? '';
  const seen = evidence.filter(({ source, failed }) => source === 'kubernetes' && failed !== true);
  const titled = (pattern: RegExp) => seen.find(({ title }) => pattern.test(title));
  const job = titled(JOB_DONE);
  if (job !== undefined && (family === 'job_failed' || family === '') && titled(JOB_FAILED) === undefined)
    return { kind: 'finished', said: readable(job.title) };
  const scaled = titled(SCALER_FINE);
  if (scaled !== undefined && SCALABLE.has(family) && seen.some(({ text }) => /successfulrescale/i.test(text)))
    return { kind: 'scaled', said: readable(scaled.title) };
  const rollout = seen.find(({ title, text }) => ROLLED_OUT.test(title) && isComplete(text));
  if (rollout !== undefined && RESTARTING.has(family)) return { kind: 'rolled_out', said: readable(rollout.title) };
  return undefined;
}

const JOB_DONE = /^job \S{1,320} · (complete|successcriteriamet)$/i;
const JOB_FAILED = /^job \S{1,320} · (failed|失败)$/i;
const SCALER_FINE = /^hpa \S{1,320} · (fine|正常)$/i;
const SCALABLE = new Set(['', 'cpu_throttling', 'memory_pressure', 'latency', 'pod_pending', 'quota', 'queue_depth']);
const ROLLED_OUT = /was rolled out .{1,40} before the start$|在故障开始前 .{1,40}发布过$/;
const RESTARTING = new Set(['', 'crash_loop', 'pod_pending', 'target_down']);

/** As many replicas are ready, and of the new revision, as are wanted. */
function isComplete(text: string): boolean {
  const [, wanted, updated, ready] =
    /(\d{1,6}) replicas wanted, (\d{1,6}) updated, (\d{1,6}) ready/.exec(text) ??
    /期望 (\d{1,6}) 个副本，已更新 (\d{1,6}) 个，就绪 (\d{1,6}) 个/.exec(text) ??
    [];
  return wanted !== undefined && wanted !== '0' && wanted === updated && wanted === ready;
}
