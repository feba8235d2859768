import type { Channel, Sent, Shown } from '../channels/channel.ts';
import type { MessagePlan } from './messages.ts';
import type { Verdict } from './outcome.ts';
import type { ShowPlan } from './plan.ts';
import type { DeliveryDeps } from './ports.ts';
import type { Ended } from './settle.ts';
import type { NewMessage, OutboxChange } from './outbox.ts';
import type { PlacementChange } from './placement.ts';

type ReportDeps = Pick<DeliveryDeps, 'metrics' | 'log' | 'clock'>;

/** Counts and logs a card's call. */
export function reportShow(
  { plan, result }: Ended<ShowPlan, Shown>,
  verdict: Verdict<PlacementChange>,
  channel: Channel,
  { metrics, log, clock }: ReportDeps,
): void {
  const { placement } = plan;
  const labels = { channel: channel.name };
  metrics.deliveryAttempts.inc({ ...labels, class: verdict.outcome });
  if (result.ok) metrics.deliveries.inc({ ...labels, outcome: 'shown' });
  if (verdict.change.parkedReason !== undefined) metrics.deliveries.inc({ ...labels, outcome: 'dead' });
  if (plan.repeat && channel.idempotency === 'none') metrics.deliveries.inc({ ...labels, outcome: 'maybe_duplicate' });
  if (result.ok && placement.kind === 'incident' && placement.firstShownAt === undefined) {
    metrics.firstCard.observe(Math.max(0, clock.now() - placement.createdAt) / 1000);
  }
  const { verb, revision, target } = plan;
  line(log, verdict, {
    subject: placement.subjectId,
    target: target.id,
    verb,
    revision,
    ms: Math.round(result.latencyMs),
  });
}

/** Counts and logs a message's call. */
export function reportSend(
  { plan, result }: Ended<MessagePlan, Sent>,
  verdict: Verdict<OutboxChange>,
  channel: Channel,
  { metrics, log }: ReportDeps,
): void {
  const { row, target } = plan;
  const labels = { channel: channel.name };
  metrics.deliveryAttempts.inc({ ...labels, class: verdict.outcome });
  if (verdict.change.state !== 'due') metrics.deliveries.inc({ ...labels, outcome: verdict.change.state });
  if (row.abandoned && channel.idempotency === 'none')
    metrics.deliveries.inc({ ...labels, outcome: 'maybe_duplicate' });
  const { kind, id, attempts } = row;
  const fields = { subject: row.incidentId ?? id, target: target.id, verb: kind };
  line(log, verdict, { ...fields, ms: Math.round(result.latencyMs) });
  if (verdict.change.state === 'dead' && NOTIFICATIONS.has(kind))
    log.error(
      { action: 'notification_job_failed', ...fields, attempts: attempts + 1, error: verdict.detail },
      'given up; it can be retried by hand',
    );
}

/** What nobody waits for, so that nobody would notice: an answer or a test that fails is missed by who asked. */
const NOTIFICATIONS: ReadonlySet<string> = new Set<NewMessage['kind']>(['attention', 'page', 'report', 'event']);

function line(log: ReportDeps['log'], { outcome, detail }: Verdict<unknown>, fields: object): void {
  if (outcome === 'ok') log.info({ action: 'webhook_send', ...fields }, 'delivered');
  else log.warn({ action: 'webhook_send_failed', outcome, error: detail, ...fields }, 'not delivered');
}
