import { createDify } from '../../../../src/diagnose/providers/dify.ts';
import { describeModel, type Mishap } from '../../../contracts/model.ts';
import { startDifySimulator } from '../../../simulators/dify.ts';
import type { DifyFault } from '../../../simulators/dify-world.ts';

const CODES: Readonly<Record<number, string>> = { 400: 'invalid_param', 401: 'unauthorized' };

const faultOf = (mishap: Mishap): DifyFault => FAULTS[mishap.kind](mishap as never);

const FAULTS: { readonly [K in Mishap['kind']]: (mishap: Extract<Mishap, { kind: K }>) => DifyFault } = {
  silent: () => ({ silent: true }),
  stall: () => ({ stallAfter: 4 }),
  slow: ({ everyMs }) => ({ pace: everyMs }),
  cut: () => ({ cutAfter: 4, lostRun: true }),
  reset: () => ({ resetAfter: 4, lostRun: true }),
  html: ({ status }) => ({ html: status }),
  redirect: ({ to }) => ({ redirect: to }),
  refuse: ({ status, message }) => ({
    refuse: { status, code: CODES[status] ?? 'internal_server_error', message },
  }),
  error: ({ message }) => ({ errorEvent: { status: 400, code: 'completion_request_error', message } }),
};

for (const mode of ['chat', 'advanced-chat', 'workflow'] as const) {
  describeModel(`a ${mode} app of Dify`, async ({ fetch, timeoutMs, idleMs }) => {
    const dify = await startDifySimulator({ mode });
    const model = createDify({
      name: 'dify',
      baseUrl: dify.url,
      apiKey: dify.app.key,
      timeoutMs,
      idleMs,
      concurrency: 1,
      promptTokens: 24_000,
      edges: { clock: { now: () => 1_760_000_000_000 }, fetch },
      graceMs: 50,
      pollMs: 20,
    });
    const asks = () =>
      dify.ledger.requests.filter(({ method, path }) => method === 'POST' && !/stop|feedbacks/.test(path));
    return {
      model,
      baseUrl: dify.url,
      secret: dify.app.key,
      says: dify.answer,
      next: (mishap) => dify.next(faultOf(mishap)),
      asked: () => asks().length,
      left: () => asks().at(-1)?.left === true,
      close: dify.close,
    };
  });
}
