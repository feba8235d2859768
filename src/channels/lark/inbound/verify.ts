import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '../../../types.ts';
import { type Signed, clickSignature, createDecrypt, eventSignature, isDigest, isSecret } from './crypto.ts';
import { type Fields, objectOf, parseObject, textOf, timeOf } from './read.ts';

/** Larger than anything the platform sends. */
export const BODY_LIMIT = 1024 ** 2;

/** Which of our two addresses was called. */
export type Door = 'event' | 'card';

/** Why a request was not believed; each is counted on its own. */
export type Reason =
  | 'too_large'
  | 'malformed'
  | 'not_configured'
  | 'not_encrypted'
  | 'unsigned'
  | 'stale'
  | 'wrong_signature'
  | 'wrong_token'
  | 'wrong_app'
  | 'wrong_address';

export interface Refusal {
  readonly kind: 'refused';
  readonly status: 400 | 401 | 413;
  readonly reason: Reason;
}

export type Verdict =
  | { readonly kind: 'challenge'; readonly challenge: string }
  | { readonly kind: 'event'; readonly body: Fields }
  | { readonly kind: 'legacy_click'; readonly body: Fields }
  | Refusal;

export interface VerifierDeps {
  readonly appId: string;
  readonly encryptKey?: string | undefined;
  readonly verificationToken?: string | undefined;
  readonly clock: Clock;
}

const refuse = (status: Refusal['status'], reason: Reason): Refusal => ({ kind: 'refused', status, reason });

/**
 * Proof of who speaks, on the bytes as sent, before anything is believed. With an Encrypt Key a body must be encrypted
 * and signed; without one the token it carries in clear is all there is (the platform offers no more). Never throws.
 */
export function createVerifier(deps: VerifierDeps) {
  const { encryptKey, verificationToken } = deps;
  const decrypt = encryptKey === undefined ? undefined : createDecrypt(encryptKey);

  return (raw: Buffer, headers: IncomingHttpHeaders, door: Door): Verdict => {
    if (raw.length > BODY_LIMIT) return refuse(413, 'too_large');
    const body = parseObject(raw.toString('utf8'));
    if (body === undefined) return refuse(400, 'malformed');
    if (isLegacyClick(body)) return verifyClick(body, raw, headers, door, deps);
    if (encryptKey === undefined || decrypt === undefined) return verifyPlain(body, headers, deps);
    if (typeof body['encrypt'] !== 'string') return refuse(401, 'not_encrypted');
    const fault = signatureFault(raw, headers, deps.clock, (signed) => eventSignature(encryptKey, signed));
    const plain = decrypt(body['encrypt']);
    const opened = plain === undefined ? undefined : parseObject(plain);
    // A challenge is the one thing the platform does not sign. What cannot be opened is refused like what is forged:
    // an answer of its own would tell a stranger whose padding is right.
    const challenged = opened !== undefined && opened['type'] === 'url_verification';
    if (challenged && isToken(opened, verificationToken)) return challengeOf(opened);
    if (fault !== undefined) return fault;
    return opened === undefined ? refuse(400, 'malformed') : verifyBody(opened, deps);
  };
}

/** By the contract: no `schema`, no `header`, no `encrypt`, and a button's value. */
export function isLegacyClick(body: Fields): boolean {
  if (['schema', 'header', 'encrypt'].some((name) => Object.hasOwn(body, name))) return false;
  return objectOf(body['action'])?.['value'] !== undefined;
}

/** Its `token` is the click's own and it names no app: the signature is its only proof. */
function verifyClick(
  body: Fields,
  raw: Buffer,
  headers: IncomingHttpHeaders,
  door: Door,
  { verificationToken, clock }: VerifierDeps,
): Verdict {
  if (door !== 'card') return refuse(401, 'wrong_address');
  if (verificationToken === undefined) return refuse(401, 'not_configured');
  const fault = signatureFault(raw, headers, clock, (signed) => clickSignature(verificationToken, signed));
  return fault ?? { kind: 'legacy_click', body };
}

/** Without an Encrypt Key nothing is signed; a timestamp that is there must still be of today. */
function verifyPlain(body: Fields, headers: IncomingHttpHeaders, deps: VerifierDeps): Verdict {
  if (deps.verificationToken === undefined || Object.hasOwn(body, 'encrypt')) return refuse(401, 'not_configured');
  const timestamp = headers['x-lark-request-timestamp'];
  if (timestamp !== undefined && !isCurrent(String(timestamp), deps.clock)) return refuse(401, 'stale');
  return verifyBody(body, deps);
}

function verifyBody(body: Fields, { appId, verificationToken }: VerifierDeps): Verdict {
  const header = objectOf(body['header']);
  if (verificationToken !== undefined && !isToken(header ?? body, verificationToken)) return refuse(401, 'wrong_token');
  if (body['type'] === 'url_verification')
    return verificationToken === undefined ? refuse(401, 'not_configured') : challengeOf(body);
  const event = objectOf(body['event']);
  if (event === undefined) return refuse(400, 'malformed');
  return isForApp(header, event, appId) ? { kind: 'event', body } : refuse(401, 'wrong_app');
}

/** Version 2 names the app in its header; version 1 in the event, not in every one (unverified). */
export const isForApp = (header: Fields | undefined, event: Fields, appId: string): boolean =>
  header === undefined ? (event['app_id'] ?? appId) === appId : header['app_id'] === appId;

const isToken = (holder: Fields, token: string | undefined): boolean =>
  token !== undefined && isSecret(holder['token'], token);

function challengeOf(body: Fields): Verdict {
  const challenge = textOf(body, 'challenge');
  return challenge === undefined ? refuse(400, 'malformed') : { kind: 'challenge', challenge };
}

/** What is wrong with the signature, `undefined` when it is right and of today. */
function signatureFault(
  raw: Buffer,
  headers: IncomingHttpHeaders,
  clock: Clock,
  expected: (signed: Signed) => Buffer,
): Refusal | undefined {
  const [signature, timestamp, nonce] = SIGNED_BY.map((name) => headers[name]);
  if (typeof signature !== 'string' || typeof timestamp !== 'string') return refuse(401, 'unsigned');
  if (!isDigest(signature, expected({ timestamp, nonce: typeof nonce === 'string' ? nonce : '', raw })))
    return refuse(401, 'wrong_signature');
  return isCurrent(timestamp, clock) ? undefined : refuse(401, 'stale');
}

const SIGNED_BY = ['x-lark-signature', 'x-lark-request-timestamp', 'x-lark-request-nonce'] as const;

/** The platform's last redelivery may come 7 h 6 min after the first, perhaps under the first one's timestamp. */
const BACK_MS = 8 * 3_600_000;
const AHEAD_MS = 5 * 60_000;

function isCurrent(timestamp: string, clock: Clock): boolean {
  const at = timeOf(timestamp);
  if (at === undefined) return false;
  const age = clock.now() - at;
  return age <= BACK_MS && age >= -AHEAD_MS;
}
