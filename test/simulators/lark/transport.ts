import type { Envelope } from './envelopes.ts';

/** What came back for one push, whichever way it went. */
export type Reply =
  | { readonly ok: true; readonly body: string | undefined }
  | { readonly ok: false; readonly problem: ReplyProblem; readonly status: number };

export type ReplyProblem = 'no-address' | 'unreachable' | 'timeout' | 'refused';

/** One of the two ways to an app: its addresses, or one of its long connections. */
export interface Transport {
  readonly name: 'webhook' | 'socket';
  event(envelope: Envelope, attempt: number): Promise<Reply>;
  callback(envelope: Envelope): Promise<Reply>;
}
