import { readFile } from 'node:fs/promises';
import type { RotatingHeaders } from '../diagnose/evidence/http.ts';
import type { Clock } from '../types.ts';

export interface TokenFileDeps {
  readonly path: string;
  /** As it was at the start. */
  readonly token: string;
  readonly clock: Clock;
  /** The tokens that may still be accepted somewhere, the present one first. */
  readonly onTokens: (tokens: readonly string[]) => void;
}

/** The kubelet writes a new token when a fifth of its hour is left; one that was refused is looked for at once. */
const FRESH_MS = 60_000;

/** A bearer token in a file that somebody else writes anew from time to time. A file that is away for a moment changes nothing. */
export function createTokenFile({ path, token: first, clock, onTokens }: TokenFileDeps): RotatingHeaders {
  let token = first;
  let readAt = clock.now();
  const headers = () => ({ authorization: `Bearer ${token}` });

  async function anew() {
    readAt = clock.now();
    const found = (await readFile(path, 'utf8').catch(() => '')).trim();
    if (found !== '' && found !== token) {
      onTokens([found, token]);
      token = found;
    }
    return headers();
  }

  return {
    current: () => (Math.abs(clock.now() - readAt) < FRESH_MS ? Promise.resolve(headers()) : anew()),
    anew,
  };
}
