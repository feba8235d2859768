import protobuf from 'protobufjs';

/** A frame of the long connection; numbers are small here, so `uint32` writes the same bytes as `uint64`. */
const { root } = protobuf.parse(
  `
  syntax = "proto2";
  message Header { required string key = 1; required string value = 2; }
  message Frame {
    required uint32 SeqID = 1; required uint32 LogID = 2; required int32 service = 3; required int32 method = 4;
    repeated Header headers = 5; optional string payloadEncoding = 6; optional string payloadType = 7;
    optional bytes payload = 8; optional string LogIDNew = 9;
  }`,
  { keepCase: true },
);
const Frame = root.lookupType('Frame');

export const CONTROL = 0;
export const DATA = 1;

export interface FrameHeaders {
  readonly [key: string]: string;
}

export interface ReadFrame {
  readonly method: number;
  readonly headers: FrameHeaders;
  readonly payload: string;
}

export function writeFrame(method: number, headers: FrameHeaders, payload: Uint8Array): Uint8Array {
  const list = Object.entries(headers).map(([key, value]) => ({ key, value }));
  return Frame.encode({ SeqID: 0, LogID: 0, service: 1, method, headers: list, payload }).finish();
}

export function readFrame(bytes: Uint8Array): ReadFrame {
  const { method, headers, payload } = Frame.toObject(Frame.decode(bytes), { defaults: true, bytes: Buffer }) as {
    method: number;
    headers: readonly { key: string; value: string }[];
    payload: Buffer;
  };
  return {
    method,
    headers: Object.fromEntries(headers.map(({ key, value }) => [key, value])),
    payload: Buffer.from(payload).toString('utf8'),
  };
}

/** One event as frames: `parts` slices of its JSON, numbered from 0. */
export function eventFrames(
  type: 'event' | 'card',
  id: string,
  json: string,
  parts: number,
  now: number,
): readonly Uint8Array[] {
  const bytes = Buffer.from(json, 'utf8');
  const size = Math.ceil(bytes.length / parts);
  return Array.from({ length: parts }, (_, seq) =>
    writeFrame(
      DATA,
      { type, message_id: id, sum: `${parts}`, seq: `${seq}`, trace_id: id, timestamp: `${now}` },
      bytes.subarray(seq * size, (seq + 1) * size),
    ),
  );
}
