import { type Answer, refuse, throttled } from './answer.ts';

/** What a test can do to the next requests. */
export interface Faults {
  /** The next `times` requests whose `METHOD /path` contains `where` meet this fault. */
  next(where: string, fault: Fault, times?: number): void;
  take(request: string): Fault | undefined;
  /** Every request, and every long connection, until it is over. */
  outage: 'none' | 'unreachable' | 'answering-503';
}

export type Fault =
  /** Answered in place of the platform; nothing happens. */
  | { readonly kind: 'answer'; readonly answer: Answer }
  /** Answered late, in real ms; what was asked happens. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** The connection breaks before the request was understood, or after it was carried out; `tell` hears of it first. */
  | { readonly kind: 'reset'; readonly when: 'before' | 'after-commit'; readonly tell?: () => void }
  /** The answer ends in the middle. */
  | { readonly kind: 'truncated' };

export const tooManyRequests = (resetSeconds: number): Fault => ({ kind: 'answer', answer: throttled(resetSeconds) });
export const httpError = (status: number): Fault => ({
  kind: 'answer',
  answer: { status, headers: { 'content-type': 'text/html' }, body: '<html><body>Bad Gateway</body></html>' },
});
/** Any platform code, with the HTTP status of business errors or with 200: both forms are seen. */
export const platformError = (code: number, msg: string, status = 400): Fault => ({
  kind: 'answer',
  answer: refuse(code, msg, status),
});
export const deadToken = (status: 200 | 400): Fault =>
  platformError(99991663, 'Invalid access token for authorization. Please make a test attempt.', status);
export const monthlyQuota = (): Fault => platformError(99991403, 'This month’s API call quota has been exceeded.');

export function createFaults(): Faults {
  let waiting: readonly { readonly where: string; readonly fault: Fault }[] = [];
  return {
    outage: 'none',
    next(where, fault, times = 1) {
      waiting = [...waiting, ...Array.from({ length: times }, () => ({ where, fault }))];
    },
    take(request) {
      const found = waiting.find(({ where }) => request.includes(where));
      waiting = waiting.filter((each) => each !== found);
      return found?.fault;
    },
  };
}
