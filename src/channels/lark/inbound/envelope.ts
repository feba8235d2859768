import type { EpochMs } from '../../../types.ts';
import { type Fields, objectOf, textOf, timeOf } from './read.ts';

/** What the platform tells, whichever way it came and in whichever version. */
export interface LarkEvent {
  /** `im.message.receive_v1`, `card.action.trigger`, in version 1 `message`, `add_bot`, … */
  readonly type: string;
  /** The event's own id, by which a second delivery is recognised. */
  readonly id: string | undefined;
  /** When it happened, by the platform's clock. */
  readonly at?: EpochMs;
  readonly fields: Fields;
}

/** Version 2: `{schema, header, event}`; version 1: `{uuid, type: "event_callback", event: {type, …}}`. */
export function readEnvelope(body: Fields): LarkEvent | undefined {
  const fields = objectOf(body['event']);
  if (fields === undefined) return undefined;
  const header = objectOf(body['header']);
  const type = header === undefined ? textOf(fields, 'type') : textOf(header, 'event_type');
  if (type === undefined) return undefined;
  const id = header === undefined ? textOf(body, 'uuid') : textOf(header, 'event_id');
  const at = timeOf(
    header === undefined ? (textOf(body, 'ts') ?? '').slice(0, 10) : (textOf(header, 'create_time') ?? ''),
  );
  return { type, id, ...(at !== undefined && { at }), fields };
}
