import type { IncidentId } from '../incident/incident.ts';
import type { EpochMs } from '../types.ts';

const FULL = /^INC-(\d{8})-(\d{3,})$/i;
const SHORT = /^#?(\d{1,6})$/;

/**
 * The incident that people mean by `INC-20261122-003`, or by `3`, `003`, `#3`, `＃３` for one of today in `timezone`.
 * Undefined for anything else.
 */
export function readIncidentRef(text: string, now: EpochMs, timezone: string): IncidentId | undefined {
  const plain = text.normalize('NFKC').trim();
  const full = FULL.exec(plain);
  if (full) return minted(`INC-${full[1]}-${full[2]}`);
  const short = SHORT.exec(plain);
  return short ? minted(`INC-${dayOf(now, timezone)}-${String(Number(short[1])).padStart(3, '0')}`) : undefined;
}

/** `20261122` of the moment in that zone. */
const dayOf = (at: EpochMs, timezone: string): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: timezone }).format(at).replaceAll('-', '');

// A typed id names an incident without minting one: the pattern has been checked, and a lookup says whether it exists.
const minted = (text: string): IncidentId => text as IncidentId;
