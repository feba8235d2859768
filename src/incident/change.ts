import type { EpochMs, Labels } from '../types.ts';

export const CHANGE_KINDS = ['deploy', 'config', 'migration', 'scale', 'feature_flag', 'infra', 'other'] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** Something that people or programs did to a system we watch. Every text comes from outside. */
export interface Change {
  readonly id: string;
  readonly at: EpochMs;
  readonly kind: ChangeKind;
  readonly service: string;
  readonly environment?: string;
  readonly title: string;
  readonly version?: string;
  readonly author?: string;
  /** http(s). */
  readonly url?: string;
  /** Who told us: `api`, or the name of an integration. */
  readonly source: string;
  readonly labels: Labels;
  /** The sender's own name for it: told again, it is the same change. */
  readonly dedupeKey?: string;
  readonly createdAt: EpochMs;
}

export type NewChange = Omit<Change, 'id' | 'createdAt'>;
