import { type KeyObject, createHmac, createSecretKey, hash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** What a sender may prove itself by; any one suffices. Made once, so that a request costs one digest. */
export interface Credentials {
  /** SHA-256 of bearer tokens and API keys, of `user:password`. */
  readonly keys: readonly Buffer[];
  readonly basic: readonly Buffer[];
  readonly hmac: readonly HmacSecret[];
}

export interface HmacSecret {
  readonly key: KeyObject;
  /** What a memory of who used what knows it by. */
  readonly name: string;
}

export const hmacSecret = (secret: string): HmacSecret => ({
  key: createSecretKey(secret, 'utf8'),
  name: nameOf(digestOf(secret)),
});

/** More than anybody has integrations; beyond it the oldest is made again when it is next needed. */
const REMEMBERED = 1000;

/** `hmacSecret`, made once for each secret: known by what it is, so that one put in its place counts at once. */
export function createHmacSecrets(): (secret: string) => HmacSecret {
  const made = new Map<string, HmacSecret>();
  return (secret) => {
    const known = made.get(secret);
    if (known !== undefined) return known;
    const [oldest] = made.keys();
    if (made.size >= REMEMBERED && oldest !== undefined) made.delete(oldest);
    const fresh = hmacSecret(secret);
    made.set(secret, fresh);
    return fresh;
  };
}

export const digestOf = (text: string): Buffer => hash('sha256', text, 'buffer');

export const isEmpty = ({ keys, basic, hmac }: Credentials): boolean => keys.length + basic.length + hmac.length === 0;

/** Whether a key or password was sent at all, right or wrong. */
export const isPresented = ({ authorization, 'x-api-key': key }: IncomingHttpHeaders): boolean =>
  key !== undefined || (authorization !== undefined && AUTHORIZATION.test(authorization));

/** Names the credential that the headers alone prove; a signature needs the body. */
export function provenByHeader(headers: IncomingHttpHeaders, { keys, basic }: Credentials): string | undefined {
  const key = headers['x-api-key'];
  const byKey = keys.length > 0 && typeof key === 'string' ? matching(key, keys) : undefined;
  if (byKey !== undefined) return byKey;
  const [, scheme = '', value = ''] = AUTHORIZATION.exec(headers.authorization ?? '') ?? [];
  if (scheme.toLowerCase() === 'bearer') return keys.length > 0 ? matching(value, keys) : undefined;
  if (scheme.toLowerCase() !== 'basic' || basic.length === 0) return undefined;
  return matching(Buffer.from(value, 'base64').toString('utf8'), basic);
}

const AUTHORIZATION = /^(bearer|basic) +(\S+) *$/i;

export const isSigned = (headers: IncomingHttpHeaders, { hmac }: Credentials): boolean =>
  hmac.length > 0 && SIGNATURE_HEADERS.some((name) => headers[name] !== undefined);

const SIGNATURE_HEADERS = ['x-signature', 'x-hub-signature-256', 'x-grafana-alerting-signature'] as const;

/** Names the secret behind a hex HMAC-SHA256 over the bytes as sent, before anything is unpacked or parsed. */
export function provenBySignature(
  headers: IncomingHttpHeaders,
  raw: Buffer,
  { hmac }: Credentials,
): string | undefined {
  let proven: string | undefined;
  for (const header of SIGNATURE_HEADERS) {
    const [, hex] = SIGNATURE.exec(String(headers[header] ?? '')) ?? [];
    if (hex === undefined) continue;
    const signature = Buffer.from(hex, 'hex');
    for (const { key, name } of hmac) {
      if (timingSafeEqual(createHmac('sha256', key).update(raw).digest(), signature)) proven = name;
    }
  }
  return proven;
}

const SIGNATURE = /^(?:sha256=)?([0-9a-f]{64})$/i;

/**
 * Names the secret that was presented. Compares digests, which are of equal length, with every one: time tells neither
 * length, place nor which.
 */
export function matching(presented: string, digests: readonly Buffer[]): string | undefined {
  const digest = digestOf(presented);
  let found: Buffer | undefined;
  for (const known of digests) if (timingSafeEqual(digest, known)) found = known;
  return found === undefined ? undefined : nameOf(found);
}

/** For a memory of who used what; never shown. */
const nameOf = (digest: Buffer): string => digest.toString('base64url');
