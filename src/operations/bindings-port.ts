import type { Matcher } from '../incident/matchers.ts';
import type { EpochMs } from '../types.ts';

export interface Bindings {
  list(filter?: { targetId?: string }): Promise<readonly Binding[]>;
  get(id: string): Promise<Binding | undefined>;
  /** The same event, matchers and target twice is one binding, enabled. */
  add(binding: NewBinding): Promise<Binding>;
  update(id: string, changes: Partial<NewBinding>): Promise<Binding | undefined>;
  remove(id: string): Promise<boolean>;
}

export interface Binding {
  readonly id: string;
  readonly event: string;
  readonly matchers: readonly Matcher[];
  readonly targetId: string;
  readonly enabled: boolean;
  readonly cron?: string;
  readonly timezone?: string;
  readonly template?: string;
  readonly quietHours?: string;
  readonly dedupeWindowMs?: number;
  readonly createdAt: EpochMs;
  readonly createdBy: string;
}

export type NewBinding = Omit<Binding, 'id' | 'createdAt'>;
