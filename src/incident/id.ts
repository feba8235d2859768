import type { EpochMs } from '../types.ts';
import type { IncidentId } from './incident.ts';

const SHAPE = /^INC-\d{8}-\d{3,}$/;

/** No zone's day begins inside a quarter of an hour. */
const QUARTER_MS = 15 * 60_000;

/** Tells the calendar day (`20261122`) of a time in a zone; made once, because a formatter is costly, also to ask. */
export function createDayOf(timezone: string): (at: EpochMs) => string {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: timezone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  let known = { quarter: Number.NaN, day: '' };
  return (at) => {
    const quarter = Math.floor(at / QUARTER_MS);
    if (quarter !== known.quarter) known = { quarter, day: format.format(at).replaceAll('-', '') };
    return known.day;
  };
}

/** The only mint of incident ids: the day and the day's running number, three digits or more. */
export function incidentId(day: string, number: number): IncidentId {
  const text = `INC-${day}-${String(number).padStart(3, '0')}`;
  if (!isIncidentId(text)) throw new Error(`not an incident id: ${text}`);
  return text;
}

/** Reads an id that came from outside or out of a row; `undefined` when it has not the shape. */
export function parseIncidentId(text: string): IncidentId | undefined {
  const plain = text.trim().toUpperCase();
  return isIncidentId(plain) ? plain : undefined;
}

/** `3`, `003`, `#3` mean today's; a full id means itself. */
export function readIncidentId(text: string, today: string): IncidentId | undefined {
  const number = /^#?(\d{1,9})$/.exec(text.trim())?.[1];
  return number === undefined ? parseIncidentId(text) : incidentId(today, Number(number));
}

/** What stands in the id's place until the counter has given a number. */
export const NO_ID: IncidentId = incidentId('00000000', 0);

function isIncidentId(text: string): text is IncidentId {
  return SHAPE.test(text);
}
