import type { PageStep } from '../incident/paging.ts';
import type { PagedAction } from '../incident/ports.ts';
import type { Trx } from '../store/database.ts';
import type { EpochMs } from '../types.ts';

/** A call to the people whom the row mentions, about the card it follows. */
export interface PagePayload {
  readonly kind: 'page';
  readonly step: PageStep;
  /** Since when nobody has acknowledged: what is said about paging is said once for it. */
  readonly since: EpochMs;
}

export interface PageStore {
  /** Whether the incident still is one that people are paged about. */
  pageWanted(trx: Trx, incidentId: string, now: EpochMs): Promise<boolean>;
}

export interface PageDeps {
  /** Writes into the incident's story what came of a page, in the transaction that settles it. */
  readonly tellPaged: (trx: Trx, incidentId: string, action: PagedAction) => Promise<void>;
}
