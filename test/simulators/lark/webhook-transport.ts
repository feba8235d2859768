import type { Settings } from './deps.ts';
import { asV1, type Envelope } from './envelopes.ts';
import type { Reply, Transport } from './transport.ts';
import { type Push, type PushResult, send, type WebhookSettings, writePush } from './webhook.ts';

export interface WebhookTransport extends Transport {
  configured: WebhookSettings | undefined;
  /** Old subscriptions still get the envelope without `schema`. */
  envelopeVersion: 1 | 2;
}

/** Pushes to the addresses that the console holds. A retry may carry the first push's headers (unverified which). */
export function createWebhookTransport(settings: Settings, now: () => number): WebhookTransport {
  const firstPushes = new Map<string, Push>();
  const transport: WebhookTransport = {
    name: 'webhook',
    configured: undefined,
    envelopeVersion: 2,
    async event(envelope, attempt) {
      const { configured } = transport;
      if (!configured) return { ok: false, problem: 'no-address', status: 0 };
      const push = pushOf(configured, envelope, attempt);
      firstPushes.set(envelope.header.event_id, push);
      return asReply(await send(push, settings.pushDeadlineMs));
    },
    async callback(envelope) {
      const { configured } = transport;
      if (!configured) return { ok: false, problem: 'no-address', status: 0 };
      return asReply(await send(writePush(configured, configured.cardUrl, envelope, now()), settings.pushDeadlineMs));
    },
  };
  function pushOf(configured: WebhookSettings, envelope: Envelope, attempt: number): Push {
    const first = firstPushes.get(envelope.header.event_id);
    if (attempt > 0 && first && settings.retrySignature === 'original') return first;
    const payload = transport.envelopeVersion === 1 ? asV1(envelope) : envelope;
    return writePush(configured, configured.eventUrl, payload, now());
  }
  return transport;
}

/** Only HTTP 200 counts; no redirect is followed. */
export function asReply({ problem, status, body }: PushResult): Reply {
  if (problem) return { ok: false, problem, status: 0 };
  return status === 200 ? { ok: true, body } : { ok: false, problem: 'refused', status };
}
