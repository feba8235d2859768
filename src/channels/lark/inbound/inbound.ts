import type { IncomingHttpHeaders } from 'node:http';
import { createIntake } from './intake.ts';
import { readEnvelope } from './envelope.ts';
import type { LarkInboundDeps } from './ports.ts';
import { objectOf } from './read.ts';
import { type Door, type Reason, type Verdict, createVerifier, isForApp } from './verify.ts';

/** An answer to the platform: its own words with 200, ours with everything else. */
export interface LarkAnswer {
  readonly status: 200 | 400 | 401 | 413 | 503;
  readonly body: object;
}

export interface LarkInbound {
  /** `POST /lark/event`: the bytes as sent. Never rejects. */
  event(raw: Buffer, headers: IncomingHttpHeaders): Promise<LarkAnswer>;
  /** `POST /lark/card/action`: the same, and the only place for legacy clicks. Never rejects. */
  cardAction(raw: Buffer, headers: IncomingHttpHeaders): Promise<LarkAnswer>;
  /**
   * An envelope from the long connection, proven by the connection itself. Resolves with the answer of a click (`{}`
   * for everything else); rejects when the event could not be stored, so that the platform sends it again.
   */
  fromSocket(payload: unknown): Promise<object>;
}

/**
 * Lark's inbound side, whichever way it comes: proof of origin, decoding, and the answer within the platform's 3 s. A
 * second delivery carries the same id as the first, by either way, and is recognised by whom `receive` hands it to.
 */
export function createLarkInbound(deps: LarkInboundDeps): LarkInbound {
  const verify = createVerifier(deps);
  const intake = createIntake(deps);

  function refused(door: Door | 'socket', status: 400 | 401 | 413, reason: Reason): LarkAnswer {
    deps.metrics.requestsRefused.inc({ route: `lark_${door}`, reason });
    deps.log.warn({ action: 'request_refused', route: `lark_${door}`, status, reason }, 'a request was refused');
    return { status, body: said(status, ADVICE[reason]) };
  }

  const said = (code: number, message: string): object => ({
    code,
    message,
    data: {},
    timestamp: new Date(deps.clock.now()).toISOString(),
  });

  async function take(verdict: Exclude<Verdict, { kind: 'refused' | 'challenge' }>, door: Door): Promise<LarkAnswer> {
    try {
      if (verdict.kind === 'legacy_click') return { status: 200, body: await intake.legacyClick(verdict.body) };
      const event = readEnvelope(verdict.body);
      if (event === undefined) return refused(door, 400, 'malformed');
      return { status: 200, body: await intake.event(event) };
    } catch (err) {
      // Not acknowledged, so it comes again: in 15 s, 5 min, 1 h and 6 h.
      deps.log.error({ action: 'lark_event_failed', err }, 'an event could not be taken in; the platform repeats it');
      return { status: 503, body: said(503, 'This event cannot be stored for now; send the same again.') };
    }
  }

  async function at(door: Door, raw: Buffer, headers: IncomingHttpHeaders): Promise<LarkAnswer> {
    const verdict = verify(raw, headers, door);
    if (verdict.kind === 'refused') return refused(door, verdict.status, verdict.reason);
    if (verdict.kind === 'challenge') return { status: 200, body: { challenge: verdict.challenge } };
    return take(verdict, door);
  }

  return {
    event: (raw, headers) => at('event', raw, headers),
    cardAction: (raw, headers) => at('card', raw, headers),
    async fromSocket(payload) {
      const body = objectOf(payload) ?? {};
      const event = readEnvelope(body);
      if (event === undefined) refused('socket', 400, 'malformed');
      else if (!isForApp(objectOf(body['header']), event.fields, deps.appId)) refused('socket', 401, 'wrong_app');
      else return intake.event(event);
      return {};
    },
  };
}

/** What the operator can do about it; never what would help a forger. */
const ADVICE: Readonly<Record<Reason, string>> = {
  too_large: 'The body is larger than 1 MiB.',
  malformed: 'The body is no event.',
  not_configured: 'Nothing can prove this request: set LARK_VERIFICATION_TOKEN and LARK_ENCRYPT_KEY as in the console.',
  not_encrypted: 'LARK_ENCRYPT_KEY is set, so events must come encrypted.',
  unsigned: 'The request carries no proof of its origin.',
  stale: 'The request is too old, or its clock and ours differ.',
  wrong_signature: 'The signature is not of this body under our key.',
  wrong_token: 'The token is not LARK_VERIFICATION_TOKEN.',
  wrong_app: 'The event is for another app than LARK_APP_ID.',
  wrong_address: 'Clicks of this form are taken at /lark/card/action only.',
};
