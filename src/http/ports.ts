import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import type { AcceptAlerts } from '../incident/ports.ts';
import type { Log } from '../telemetry/log.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { Clock, Locale } from '../types.ts';
import type { Attempts } from './attempts.ts';

/** What the entrance needs from the configuration, under the names of the environment. */
export interface HttpConfig {
  readonly PUBLIC_URL: string;
  /** Language of what we report about senders; `en-US` when absent. */
  readonly LOCALE?: Locale;
  readonly ADMIN_TOKEN?: string | undefined;
  readonly METRICS_TOKEN?: string | undefined;
  readonly TRUST_PROXY: readonly string[];
  readonly ALLOWED_IPS: readonly string[];
  readonly ALERT_API_KEYS: readonly string[];
  /** `user:password` each. */
  readonly ALERT_BASIC_AUTH: readonly string[];
  readonly ALERT_HMAC_SECRET: readonly string[];
  readonly ALERT_BOT_IDS: readonly string[];
}

export interface HttpDeps {
  readonly config: HttpConfig;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly accept: AcceptAlerts;
  /** What was tried from where; the sign-in page shares it. */
  readonly attempts: Attempts;
  /** The target whose chat has this id; never makes one. */
  readonly findTarget: (chatId: string) => Promise<string | undefined>;
  readonly findIntegration: (name: string) => Promise<Integration | undefined>;
  /** Told of each request that proved to be this integration's; nobody waits for it. */
  readonly integrationUsed?: (name: string) => void;
  /** Whether the request carries a valid console session. */
  readonly hasSession: (req: IncomingMessage) => boolean | Promise<boolean>;
  readonly readiness: () => Promise<readonly Part[]>;
  /** Stores what an integration says was changed; rejects with a status of its own for a body that says nothing. */
  readonly recordChange?: (body: unknown, integration: string) => Promise<Recorded>;
  readonly mounts: readonly Mount[];
  /** Where a person without a session is sent; absent: 401. */
  readonly loginPath?: string;
  /** The body of that 401 for a person's browser; absent: JSON. */
  readonly refusalPage?: RequestHandler;
}

/** A named integration that may speak now; one that is disabled or expired is not found. */
export interface Integration {
  readonly name: string;
  /** Lower-case hex SHA-256 of its keys: the current one and, until it runs out, the previous. */
  readonly keyHashes: readonly string[];
  readonly hmacSecrets: readonly string[];
  /** The format it always sends, when that is known. */
  readonly source?: string | undefined;
}

export interface Recorded {
  readonly status?: number;
  readonly message?: string;
  readonly data: object;
}

/** One part of us, for `/readyz`. `reason` says what is wrong and what mends it; never a secret. */
export interface Part {
  readonly name: string;
  readonly ok: boolean;
  readonly reason: string;
  /** Wrong, yet alerts are taken all the same: told, but no reason to send them elsewhere. */
  readonly minor?: true;
}

/**
 * Who may pass: `open` everybody (health only) · `alerts` the alert credentials · `metrics` METRICS_TOKEN or admin ·
 * `admin` ADMIN_TOKEN or a session · `own` the handler itself proves who speaks (platform signatures) · `own-listed` the
 * same, from ALLOWED_IPS only.
 */
export type Guard = 'open' | 'alerts' | 'metrics' | 'admin' | 'own' | 'own-listed';

/** Another room's part of the address space: everything below `path`. */
export interface Mount {
  readonly path: string;
  readonly guard: Guard;
  readonly handler: RequestHandler;
}

/** One address as served: what a test enumerates. */
export interface Route {
  readonly methods: readonly string[];
  readonly path: string;
  readonly guard: Guard;
}
