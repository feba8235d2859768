import type { IncomingMessage } from 'node:http';
import { type Attempts, demand } from './attempts.ts';
import {
  type Credentials,
  createHmacSecrets,
  digestOf,
  hmacSecret,
  isEmpty,
  isPresented,
  isSigned,
  provenByHeader,
  provenBySignature,
} from './credentials.ts';
import { IpNotAllowed, Unauthorized } from './errors.ts';
import { createLoopbackOnly } from './loopback.ts';
import type { Peers } from './peer.ts';
import type { HttpConfig, Integration } from './ports.ts';

/** What is settled before the body: proven, or a signature that only the body can prove. Strangers' bodies are not read. */
export type Proof = 'proven' | ((raw: Buffer) => void);

export interface AlertProof {
  /** Throws `Unauthorized`, `TooManyAttempts` or `IpNotAllowed`. */
  shared(req: IncomingMessage): Proof;
  /** The same for a named integration; without one, like a wrong key: names are not to be guessed. */
  named(req: IncomingMessage, integration: Integration | undefined): Proof;
}

export function createAlertProof(config: HttpConfig, peers: Peers, attempts: Attempts): AlertProof {
  const namedSecret = createHmacSecrets();
  const isLoopbackOnly = createLoopbackOnly(config.PUBLIC_URL);
  const credentials: Credentials = {
    keys: config.ALERT_API_KEYS.map(digestOf),
    basic: config.ALERT_BASIC_AUTH.map(digestOf),
    hmac: config.ALERT_HMAC_SECRET.map(hmacSecret),
  };
  const advice = isEmpty(credentials) ? NOTHING_SET : adviceOf(credentials);

  function proofOf(req: IncomingMessage, accepted: Credentials, refusal: string): Proof {
    const { headers } = req;
    const credential = provenByHeader(headers, accepted);
    const signed = credential === undefined && isSigned(headers, accepted);
    if (signed) return (raw) => demand(attempts.judge(req, provenBySignature(headers, raw, accepted)), refusal);
    if (credential === undefined && !isPresented(headers)) throw new Unauthorized(refusal);
    demand(attempts.judge(req, credential), refusal);
    return 'proven';
  }

  return {
    shared(req) {
      if (!peers.isAllowed(req)) throw new IpNotAllowed();
      if (!isEmpty(credentials)) return proofOf(req, credentials, advice);
      if (isLoopbackOnly(req)) return 'proven';
      throw new Unauthorized(advice);
    },
    named(req, integration) {
      if (!peers.isAllowed(req)) throw new IpNotAllowed();
      const { keyHashes, hmacSecrets } = integration ?? NOBODY;
      const keys = keyHashes.map((hex) => Buffer.from(hex, 'hex')).filter(({ length }) => length === 32);
      return proofOf(req, { keys, basic: [], hmac: hmacSecrets.map(namedSecret) }, NOT_THIS_INTEGRATION);
    },
  };
}

const NOBODY = { keyHashes: [], hmacSecrets: [] };

const NOTHING_SET =
  'Alerts are taken only from this machine until a credential is configured: set ALERT_API_KEYS, ALERT_BASIC_AUTH or ALERT_HMAC_SECRET.';

const NOT_THIS_INTEGRATION =
  'No integration of this name takes this credential; "zhiban integrations list" shows names and expiry, "zhiban integrations rotate" makes a new key.';

function adviceOf({ keys, basic, hmac }: Credentials): string {
  const kinds = [
    ...(keys.length > 0 ? ['a key of ALERT_API_KEYS ("Authorization: Bearer KEY" or "X-API-Key: KEY")'] : []),
    ...(basic.length > 0 ? ['a user and password of ALERT_BASIC_AUTH (basic authentication)'] : []),
    ...(hmac.length > 0 ? ['an HMAC-SHA256 of the body under ALERT_HMAC_SECRET in X-Signature'] : []),
  ];
  return `No valid credential. Send ${kinds.join(', or ')}.`;
}
