import { randomBytes } from 'node:crypto';
import { clickSignature, encryptBody, eventSignature } from '../../channels/lark/inbound/crypto.ts';
import { objectOf, parseObject } from '../../channels/lark/inbound/read.ts';
import { isLegacyClick } from '../../channels/lark/inbound/verify.ts';
import type { EpochMs } from '../../types.ts';

export interface Keys {
  readonly LARK_ENCRYPT_KEY?: string | undefined;
  readonly LARK_VERIFICATION_TOKEN?: string | undefined;
}

/** A request as the platform would make it, below our public address. */
export interface Sealed {
  readonly path: '/lark/event' | '/lark/card/action';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Encrypts and signs a body as the platform does: clicks of the old form in clear, proven by the Verification Token;
 * everything else encrypted and signed where there is an Encrypt Key, and in clear without a signature where there is
 * none, because then its own token is all the proof there is.
 */
export function seal(
  text: string,
  { LARK_ENCRYPT_KEY: key, LARK_VERIFICATION_TOKEN: token }: Keys,
  now: EpochMs,
): Sealed {
  const plain = parseObject(text);
  const legacy = plain !== undefined && isLegacyClick(plain);
  const encrypts = key !== undefined && !legacy && typeof plain?.['encrypt'] !== 'string';
  const body = encrypts ? JSON.stringify({ encrypt: encryptBody(key, text, randomBytes(16)) }) : text;
  const secret = legacy ? token : key;
  const proof = secret === undefined ? {} : prove(body, now, legacy ? clickSignature : eventSignature, secret);
  const isClick = legacy || objectOf(plain?.['header'])?.['event_type'] === 'card.action.trigger';
  return {
    path: isClick ? '/lark/card/action' : '/lark/event',
    headers: { 'Content-Type': 'application/json; charset=utf-8', ...proof },
    body,
  };
}

function prove(body: string, now: EpochMs, signature: typeof eventSignature, secret: string) {
  const timestamp = String(Math.floor(now / 1000));
  const nonce = randomBytes(8).toString('hex');
  const signed = signature(secret, { timestamp, nonce, raw: Buffer.from(body, 'utf8') });
  return {
    'X-Lark-Request-Timestamp': timestamp,
    'X-Lark-Request-Nonce': nonce,
    'X-Lark-Signature': signed.toString('hex'),
  };
}
