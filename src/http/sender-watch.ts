import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Alert, AlertStatus } from '../incident/alert.ts';
import { fingerprintOf } from '../ingest/fingerprint.ts';
import type { EpochMs, Locale } from '../types.ts';
import type { Peers } from './peer.ts';
import type { HttpConfig, HttpDeps } from './ports.ts';

const WINDOW_MS = 5 * 60_000;
/** Refusals within the window after which a sender is reported. */
const REFUSALS = 5;
/** A scanner with many addresses must not bury the team: further senders in the hour are only logged. */
const REPORTS_PER_HOUR = 20;
const HOUR_MS = 3_600_000;
const MAX_SENDERS = 1000;

type WatchDeps = Pick<HttpDeps, 'accept' | 'clock' | 'log'> & { readonly config: Pick<HttpConfig, 'LOCALE'> };

export interface SenderWatch {
  /** A request of this sender was answered 4xx; `answer` tells which and where. */
  refused(req: IncomingMessage, status: number, answer: string): void;
  /** A request of this sender was accepted: what was reported about it is over. */
  accepted(req: IncomingMessage): void;
}

/**
 * A sender that is refused again and again loses alerts and nobody notices: it becomes an incident of ours that names
 * it. So does a body that is too large at once, because its sender repeats it for ever.
 */
export function createSenderWatch(deps: WatchDeps, peers: Peers): SenderWatch {
  const words = WORDS[deps.config.LOCALE ?? 'en-US'];
  const refusals = new Map<string, EpochMs[]>();
  const reported = new Map<string, EpochMs>();

  function isDue(sender: string, status: number, now: EpochMs): boolean {
    if (now - (reported.get(sender) ?? -Infinity) < WINDOW_MS) return false;
    const times = [...(refusals.get(sender) ?? []), now].filter((at) => now - at < WINDOW_MS).slice(-REFUSALS);
    refusals.delete(sender);
    refusals.set(sender, times);
    evictOldest(refusals);
    if (status !== 413 && times.length < REFUSALS) return false;
    return reported.has(sender) || [...reported.values()].filter((at) => now - at < HOUR_MS).length < REPORTS_PER_HOUR;
  }

  return {
    refused(req, status, answer) {
      const sender = peers.addressOf(req) ?? 'an unknown address';
      const now = deps.clock.now();
      if (!isDue(sender, status, now)) return;
      reported.delete(sender);
      reported.set(sender, now);
      evictOldest(reported);
      void send(deps, alertOf(sender, 'firing', words.title(sender), words.refused(answer)), now);
    },
    accepted(req) {
      // Nearly always nobody is reported, and finding out who speaks has its price.
      const sender = reported.size === 0 ? undefined : peers.addressOf(req);
      if (sender === undefined || !reported.delete(sender)) return;
      refusals.delete(sender);
      void send(deps, alertOf(sender, 'resolved', words.title(sender), words.accepted), deps.clock.now());
    },
  };
}

async function send({ accept, log }: WatchDeps, alert: Alert, now: EpochMs): Promise<void> {
  const digest = createHash('sha256').update(`${alert.fingerprint}${alert.status}${now}`).digest('base64url');
  try {
    await accept({ alerts: [alert], receivedAt: now, digest, traceId: digest.slice(0, 16) });
  } catch (err) {
    log.error({ action: 'sender_report_failed', sender: alert.labels['sender'], err }, 'could not report a sender');
  }
}

function alertOf(sender: string, status: AlertStatus, title: string, summary: string): Alert {
  const labels = { alertname: 'AlertSenderRefused', sender };
  return {
    integration: 'zhiban',
    source: 'zhiban',
    status,
    fingerprint: fingerprintOf(labels),
    title,
    summary,
    severity: 'warning',
    labels,
    annotations: {},
    groupLabels: labels,
    links: [],
  };
}

interface Words {
  title(sender: string): string;
  refused(answer: string): string;
  readonly accepted: string;
}

const WORDS: Readonly<Record<Locale, Words>> = {
  'zh-CN': {
    title: (sender) => `来自 ${sender} 的告警被拒绝`,
    refused: (answer) => `最近一次应答：${answer}。`,
    accepted: '它的请求已重新被接受。',
  },
  'en-US': {
    title: (sender) => `Alerts from ${sender} are refused`,
    refused: (answer) => `Last answer: ${answer}.`,
    accepted: 'Its requests are accepted again.',
  },
};

function evictOldest(map: Map<string, unknown>): void {
  if (map.size <= MAX_SENDERS) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}
