import { ModelFailed } from './model.ts';

/** Why `fetch` got no answer at all. Names the host and the kind of failure, no address and no message of others. */
export function networkFailure(error: unknown, host: string): ModelFailed {
  const causes = causesOf(error);
  const own = causes.find((cause) => cause instanceof ModelFailed);
  if (own !== undefined) return own;
  if (causes.some(({ message }) => message === 'unexpected redirect')) {
    return new ModelFailed(`${host} redirects: set the base URL to the address that answers`, 'misconfigured');
  }
  const code = causes.map(codeOf).find((found) => found !== undefined) ?? 'unknown';
  return new ModelFailed(`cannot reach ${host}: ${WORDS[code] ?? wordsOf(code)}`, 'unavailable', { retry: 'backoff' });
}

function causesOf(error: unknown): readonly Error[] {
  const causes: Error[] = [];
  for (let cause = error; cause instanceof Error && causes.length < 5; cause = cause.cause) causes.push(cause);
  return causes;
}

function codeOf(error: Error): string | undefined {
  const code = 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,60}$/.test(code) ? code : undefined;
}

// The `openai` package drops the cause of what sounds like a timeout to it, so nothing here does.
const wordsOf = (code: string): string => (/TIME_?D?_?OUT/.test(code) ? 'no connection in time' : code);

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  UND_ERR_SOCKET: 'connection closed',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'its name cannot be resolved now',
  unknown: 'network failure',
};
