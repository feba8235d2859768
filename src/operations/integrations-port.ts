import type { EpochMs } from '../types.ts';

export interface Integrations {
  list(): Promise<readonly Integration[]>;
  /** By id or name. */
  find(idOrName: string): Promise<Integration | undefined>;
  /** The one that may speak now under this name; expired and disabled ones are not found. */
  credentials(name: string): Promise<IntegrationCredentials | undefined>;
  /** The key is told once and stored as a digest; undefined when the name is taken. */
  add(integration: NewIntegration): Promise<{ integration: Integration; key: string } | undefined>;
  disable(id: string, disabled: boolean): Promise<Integration | undefined>;
  /** A new key; the old one works on for `graceMs`. */
  rotate(id: string, graceMs: number): Promise<{ integration: Integration; key: string } | undefined>;
  /** Notes that its credential was used just now; to five minutes, so that a busy sender costs no write each time. */
  used(name: string): Promise<void>;
}

/** A named sender of alerts with a credential of its own. */
export interface Integration {
  readonly id: string;
  readonly name: string;
  /** The format it always sends, when that is known. */
  readonly source?: string;
  readonly hasHmacSecret: boolean;
  readonly expiresAt?: EpochMs;
  readonly disabledAt?: EpochMs;
  readonly createdAt: EpochMs;
  /** The key before the last rotation works until then. */
  readonly previousUntil?: EpochMs;
  /** Up to five minutes before its credential was last used; absent: never. */
  readonly lastUsedAt?: EpochMs;
}

/** Digests and secrets of an integration that may speak now; what the entrance compares with. */
export interface IntegrationCredentials {
  readonly name: string;
  /** Lower-case hex SHA-256 of its keys: the current one and, until it runs out, the previous. */
  readonly keyHashes: readonly string[];
  readonly hmacSecrets: readonly string[];
  readonly source?: string;
}

export interface NewIntegration {
  readonly name: string;
  readonly source?: string;
  readonly expiresAt?: EpochMs;
  readonly hmacSecret?: string;
}
