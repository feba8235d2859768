import { createHmac, hash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** What a sender may prove itself by; any one suffices. Made once, so that a request costs one digest. */
export interface Credentials {
  /** SHA-256 of bearer tokens and API keys, of `user:password`; HMAC secrets as they are. */
  readonly keys: readonly Buffer[];
  readonly basic: readonly Buffer[];
  readonly hmac: readonly string[];
}

export const digestOf = (text: string): Buffer => hash('sha256', text, 'buffer');

export const isEmpty = ({ keys, basic, hmac }: Credentials): boolean => keys.length + basic.length + hmac.length === 0;

/** What the headers alone prove; a signature needs the body. */
export function provesByHeader(headers: IncomingHttpHeaders, { keys, basic }: Credentials): boolean {
  const key = headers['x-api-key'];
  if (keys.length > 0 && typeof key === 'string' && matches(key, keys)) return true;
  const [, scheme = '', value = ''] = AUTHORIZATION.exec(headers.authorization ?? '') ?? [];
  if (scheme.toLowerCase() === 'bearer') return keys.length > 0 && matches(value, keys);
  if (scheme.toLowerCase() !== 'basic' || basic.length === 0) return false;
  return matches(Buffer.from(value, 'base64').toString('utf8'), basic);
}

const AUTHORIZATION = /^(bearer|basic) +(\S+) *$/i;

export const isSigned = (headers: IncomingHttpHeaders, { hmac }: Credentials): boolean =>
  hmac.length > 0 && SIGNATURE_HEADERS.some((name) => headers[name] !== undefined);

const SIGNATURE_HEADERS = ['x-signature', 'x-hub-signature-256', 'x-grafana-alerting-signature'] as const;

/** Hex HMAC-SHA256 over the bytes as sent, before anything is unpacked or parsed. */
export function provesBySignature(headers: IncomingHttpHeaders, raw: Buffer, { hmac }: Credentials): boolean {
  let proven = false;
  for (const name of SIGNATURE_HEADERS) {
    const [, hex] = SIGNATURE.exec(String(headers[name] ?? '')) ?? [];
    if (hex === undefined) continue;
    const signature = Buffer.from(hex, 'hex');
    for (const secret of hmac) {
      if (timingSafeEqual(createHmac('sha256', secret).update(raw).digest(), signature)) proven = true;
    }
  }
  return proven;
}

const SIGNATURE = /^(?:sha256=)?([0-9a-f]{64})$/i;

/** Compares digests, which are of equal length, with every secret: time tells neither length, place nor which one. */
export function matches(presented: string, digests: readonly Buffer[]): boolean {
  const digest = digestOf(presented);
  let found = false;
  for (const known of digests) if (timingSafeEqual(digest, known)) found = true;
  return found;
}
