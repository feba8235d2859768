import type { HttpInstance } from '@larksuiteoapi/node-sdk';
import { isLoopback } from './domain.ts';
import type { Sdk } from './sdk.ts';
import { type WireAnswer, unanswered } from './wire.ts';

export interface HttpDeps {
  /** The base address that will be called. */
  readonly domain: string;
  /** The body out of an answer of any status; throws what the caller is to see. */
  readonly read: (answer: WireAnswer) => unknown;
  /** Told of each request before it leaves. */
  readonly onRequest?: () => void;
}

/** An answer is a few kB; a page of a member list is under 100. */
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

/**
 * An HTTP client of our own for the SDK: its default is shared by everything in the process and throws errors that hold
 * the bearer token. Redirects are not followed, since the token would go along. A proxy of the environment
 * (`HTTP_PROXY`) is for the world, not for a server on this machine.
 */
export function createHttp(sdk: Sdk, { domain, read, onRequest }: HttpDeps): HttpInstance {
  const http = sdk.defaultHttpInstance.create({
    maxRedirects: 0,
    maxContentLength: MAX_ANSWER_BYTES,
    validateStatus: () => true,
    ...(isLoopback(domain) && { proxy: false as const }),
  });
  http.interceptors.request.use((config) => {
    onRequest?.();
    return config;
  });
  http.interceptors.response.use(
    // The SDK takes the body where axios' types say the whole answer.
    ({ status, data, headers }) => read({ status, data, headers }) as never, // oxlint-disable-line typescript/no-unsafe-type-assertion -- see above
    (error: unknown) => {
      throw unanswered(error);
    },
  );
  // The SDK was built with an older axios, whose types differ in what a call resolves to.
  return http as unknown as HttpInstance; // oxlint-disable-line typescript/no-unsafe-type-assertion -- see above
}
