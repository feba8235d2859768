import { afterEach, describe, expect, it } from 'vitest';
import { type Model, ModelFailed, type ModelRequest } from '../../src/diagnose/providers/model.ts';
import { type Loopback, startLoopback } from '../diagnose/providers/loopback.ts';

/** How the next answer goes wrong, whatever the protocol. */
export type Mishap =
  /** Not even headers come. */
  | { readonly kind: 'silent' }
  /** Some text, then nothing more; the connection stays open. */
  | { readonly kind: 'stall' }
  /** All of the text, piece by piece. */
  | { readonly kind: 'slow'; readonly everyMs: number }
  /** Some text, then the connection is closed in good order. */
  | { readonly kind: 'cut' }
  /** Some text, then the connection is destroyed. */
  | { readonly kind: 'reset' }
  | { readonly kind: 'html'; readonly status: number }
  | { readonly kind: 'redirect'; readonly to: string }
  | { readonly kind: 'refuse'; readonly status: number; readonly message: string }
  /** Some text, then an error as the protocol tells it within an answer. */
  | { readonly kind: 'error'; readonly message: string };

export interface ModelUnderTest {
  readonly model: Model;
  readonly baseUrl: string;
  /** Proves who we are; absent where the protocol has no proof. */
  readonly secret?: string;
  /** What it says from now on. */
  says(text: string): void;
  next(mishap: Mishap): void;
  /** How many answers were asked for so far. */
  asked(): number;
  /** Whether the last one who asked went away before all was said. */
  left(): boolean;
  close(): Promise<void>;
}

export interface OpenOptions {
  readonly fetch: typeof fetch;
  readonly timeoutMs: number;
  readonly firstByteMs: number;
  readonly idleMs: number;
}

const PROMPT = 'The checkout service answers slowly since 07:40; the connection pool of db-payments-3 is exhausted.';
const ANSWER =
  '{"summary":"连接池耗尽: the pool of db-payments-3 is exhausted, and nobody returns connections to it."}';
/** Longer than any test here may take. */
const CALM = { timeoutMs: 200_000, firstByteMs: 200_000, idleMs: 200_000 };

/** What every model promises, whatever its protocol: declare it once per implementation. */
export function describeModel(name: string, open: (options: OpenOptions) => Promise<ModelUnderTest>): void {
  describe(`${name} keeps the contract of models`, () => {
    const opened: { close(): Promise<void> }[] = [];
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((one) => one.close()));
    });

    async function begin(limits: Partial<OpenOptions> = {}): Promise<ModelUnderTest & { readonly calls: string[] }> {
      const calls: string[] = [];
      const counted: typeof fetch = (input, init) => {
        calls.push(input instanceof Request ? input.url : String(input));
        return fetch(input, init);
      };
      const under = await open({ ...CALM, fetch: counted, ...limits });
      opened.push(under);
      under.says(ANSWER);
      return { ...under, calls };
    }

    const request = (more: Partial<ModelRequest> = {}): ModelRequest => ({
      system: 'You help whoever is on call. Answer in JSON.',
      messages: [{ role: 'user', text: PROMPT }],
      maxOutputTokens: 1200,
      subject: 'incident-INC-20261122-001',
      signal: new AbortController().signal,
      ...more,
    });

    async function failure(asking: Promise<unknown>): Promise<ModelFailed> {
      const error: unknown = await asking.then(
        () => new Error('it answered'),
        (thrown: unknown) => thrown,
      );
      if (error instanceof ModelFailed) return error;
      throw new Error('no ModelFailed was thrown', { cause: error });
    }

    it('answers with the whole text, who said it and what it cost', async () => {
      const { model, asked } = await begin();
      const reply = await model.complete(request());
      expect(reply).toMatchObject({ text: ANSWER, toolCalls: [], warnings: [] });
      expect(reply.usage).toMatchObject({ tokensIn: expect.any(Number), tokensOut: expect.any(Number) });
      expect(reply.model).not.toBe('');
      expect(asked()).toBe(1);
    });

    it('tells the text as it grows', async () => {
      const { model } = await begin();
      const grown: string[] = [];
      await model.complete(request({ onText: (text) => grown.push(text) }));
      expect(grown.length).toBeGreaterThan(1);
      for (const [index, text] of grown.entries()) expect(text.startsWith(grown[index - 1] ?? '')).toBe(true);
      expect(grown.at(-1)).toBe(ANSWER);
    });

    it('stays with an answer that comes slowly', async () => {
      const { model, next } = await begin({ idleMs: 250 });
      next({ kind: 'slow', everyMs: 40 });
      expect((await model.complete(request())).text).toBe(ANSWER);
    });

    it('stops at once when nobody wants the answer any more, and hangs up', async () => {
      const { model, next, left } = await begin();
      next({ kind: 'stall' });
      const caller = new AbortController();
      const onText = (): void => caller.abort();
      // It stalls for longer than this test may take.
      const failed = await failure(model.complete(request({ signal: caller.signal, onText })));
      expect(failed).toMatchObject({ fault: 'cancelled', retry: 'never' });
      await expect.poll(left).toBe(true);
    });

    it('asks nothing when it was cancelled before', async () => {
      const { model, calls } = await begin();
      expect((await failure(model.complete(request({ signal: AbortSignal.abort() })))).fault).toBe('cancelled');
      expect(calls).toEqual([]);
    });

    it.each([
      ['timeout_first_byte', { firstByteMs: 120, timeoutMs: 400 }, { kind: 'silent' }],
      ['timeout_idle', { idleMs: 120 }, { kind: 'stall' }],
      ['timeout_total', { timeoutMs: 200 }, { kind: 'slow', everyMs: 60 }],
    ] as const)('gives up in time: %s', async (fault, limits, mishap) => {
      const { model, next, left } = await begin(limits);
      next(mishap);
      const failed = await failure(model.complete(request()));
      // What cannot stream says nothing before its end, so its first byte may take as long as the whole.
      const expected = fault === 'timeout_first_byte' ? [fault, 'timeout_total'] : [fault];
      expect(expected).toContain(failed.fault);
      expect(failed.retry).toBe('backoff');
      await expect.poll(left).toBe(true);
    });

    it.each(['cut', 'reset'] as const)('takes no half of an answer for a whole one: %s', async (kind) => {
      const { model, next } = await begin();
      next({ kind });
      const failed = await failure(model.complete(request()));
      expect(['stream_incomplete', 'unavailable']).toContain(failed.fault);
    });

    it.each([
      [401, 'auth'],
      [503, 'unavailable'],
      [500, 'unavailable'],
    ] as const)('knows what an error of status %i asks for', async (status, fault) => {
      const { model, next, asked } = await begin();
      next({ kind: 'refuse', status, message: 'no' });
      expect((await failure(model.complete(request()))).fault).toBe(fault);
      expect(asked(), 'retries are not its own').toBe(1);
    });

    it('takes no page of a proxy for an answer', async () => {
      const { model, next } = await begin();
      next({ kind: 'html', status: 502 });
      expect((await failure(model.complete(request()))).fault).toBe('unavailable');
      next({ kind: 'html', status: 200 });
      expect((await failure(model.complete(request()))).fault).toBe('bad_response');
    });

    it('says nothing of the key, the prompt or the answer when it fails', async () => {
      const { model, next, secret } = await begin();
      const hidden = [PROMPT.slice(0, 30), 'db-payments-3', '连接池耗尽', ...(secret === undefined ? [] : [secret])];
      const message = `Bad Bearer ${secret} for ${PROMPT}`;
      const mishaps: readonly Mishap[] = [
        { kind: 'refuse', status: 400, message },
        { kind: 'refuse', status: 500, message: `${PROMPT} ${secret}` },
        { kind: 'error', message },
        { kind: 'error', message: `no JSON: ${ANSWER}` },
        { kind: 'stall' },
        { kind: 'cut' },
      ];
      const caller = new AbortController();
      for (const mishap of mishaps) {
        next(mishap);
        const onText = mishap.kind === 'stall' ? () => caller.abort() : undefined;
        const signal = mishap.kind === 'stall' ? caller.signal : new AbortController().signal;
        const failed = await failure(model.complete(request({ signal, ...(onText === undefined ? {} : { onText }) })));
        const told = everythingIn(failed);
        expect(hidden.filter((piece) => told.includes(piece))).toEqual([]);
      }
    });

    it('follows no redirect', async () => {
      const elsewhere: Loopback = await startLoopback((_request, response) => response.end('{}'));
      opened.push(elsewhere);
      const { model, next } = await begin();
      next({ kind: 'redirect', to: `${elsewhere.url}/v1/chat/completions` });
      expect((await failure(model.complete(request()))).fault).toBe('misconfigured');
      expect(elsewhere.seen).toEqual([]);
    });

    it('asks nobody but its own endpoint', async () => {
      const { model, baseUrl, calls } = await begin();
      await model.probe(new AbortController().signal);
      await model.complete(request());
      expect(calls.length).toBeGreaterThan(1);
      expect(calls.filter((url) => !url.startsWith(`${baseUrl}/`))).toEqual([]);
    });

    it('probes without asking for an answer, and never throws for what it finds', async () => {
      const { model, asked, close } = await begin();
      const { signal } = new AbortController();
      expect(await model.probe(signal)).toMatchObject({ ok: true });
      expect(asked()).toBe(0);
      await close();
      const health = await model.probe(signal);
      expect(health.ok).toBe(false);
      expect(health.problems).not.toEqual([]);
      await expect(model.probe(AbortSignal.abort())).rejects.toMatchObject({ fault: 'cancelled' });
    });
  });
}

/** What a logger would print of an error and its causes. */
function everythingIn(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { stack = '', cause } = error;
  return [stack, JSON.stringify(Object.entries(error)), cause === undefined ? '' : everythingIn(cause)].join('\n');
}
