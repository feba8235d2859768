import type { EpochMs, Locale } from '../types.ts';
import type { Right } from './operation.ts';

export interface Operators {
  list(): Promise<readonly Operator[]>;
  /** By id or by name, whatever its case. */
  find(idOrName: string): Promise<Operator | undefined>;
  /** The person behind `channel:external id`. */
  byExternalId(externalId: string): Promise<Operator | undefined>;
  /** Whether anybody of `role` or more can act on this channel. */
  anyNamed(role: Role, channel?: string): Promise<boolean>;
  /** Adds a person, or changes the role of the one with that name and adds the ids to it. */
  add(operator: { name: string; role: Role; ids: readonly string[]; locale?: Locale }): Promise<Operator>;
  remove(id: string): Promise<boolean>;
  /** A one-use code, good for 15 minutes; only its digest is stored. */
  makeLinkCode(operatorId: string): Promise<{ code: string; expiresAt: EpochMs }>;
  /** Adds the id to the code's person; undefined when the code is unknown, used or too old. */
  redeemLinkCode(code: string, externalId: string): Promise<Operator | undefined>;
}

export type Role = Exclude<Right, 'guest'>;

export interface Operator {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly locale?: Locale;
  /** `channel:external id`. */
  readonly ids: readonly string[];
  readonly createdAt: EpochMs;
}
