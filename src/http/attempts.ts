import type { IncomingMessage } from 'node:http';
import type { Clock, EpochMs } from '../types.ts';
import { Unauthorized, TooManyAttempts } from './errors.ts';
import type { Peers } from './peer.ts';

const WINDOW_MS = 60_000;
/** Wrong proofs of one network within the window; what comes after them is not judged. */
const WRONG_PER_WINDOW = 20;
const MAX_GUESSERS = 5000;
const MAX_SENDERS = 1000;
const MAX_CREDENTIALS = 50;

/** `right` and `wrong` as the proof was; or not judged, and after how many milliseconds the next one is. */
export type Judgement = 'right' | 'wrong' | { readonly afterMs: number };

export interface Attempts {
  /** `credential` names the one that the request proved; undefined when what it presented is none of ours. */
  judge(req: IncomingMessage, credential: string | undefined): Judgement;
}

interface Guesser {
  readonly since: EpochMs;
  readonly wrong: number;
}

/**
 * Bounds how many credentials one network may try. Beyond the bound a right one is answered like a wrong one, or else
 * guessing would go on at any speed, with one exception: a credential that has proved itself from the same network
 * before. So senders behind one proxy with somebody who guesses, or with a colleague whose key is out of date, go on.
 */
export function createAttempts(clock: Clock, peers: Pick<Peers, 'networkOf'>): Attempts {
  const guessers = new Map<string, Guesser>();
  const familiar = new Map<string, Set<string>>();

  function current(network: string, now: EpochMs): Guesser {
    const guesser = guessers.get(network);
    const isCurrent = guesser !== undefined && now >= guesser.since && now - guesser.since < WINDOW_MS;
    return isCurrent ? guesser : { since: now, wrong: 0 };
  }

  return {
    judge(req, credential) {
      const network = peers.networkOf(req);
      if (credential !== undefined && familiar.get(network)?.has(credential) === true) return 'right';
      const now = clock.now();
      const { since, wrong } = current(network, now);
      if (wrong >= WRONG_PER_WINDOW) return { afterMs: since + WINDOW_MS - now };
      if (credential !== undefined) {
        remember(familiar, network, credential);
        return 'right';
      }
      guessers.delete(network);
      guessers.set(network, { since, wrong: wrong + 1 });
      evictOldest(guessers, MAX_GUESSERS);
      return 'wrong';
    },
  };
}

/** Throws `Unauthorized` with `advice`, or `TooManyAttempts`, unless the proof is right. */
export function demand(judgement: Judgement, advice: string): void {
  if (judgement === 'wrong') throw new Unauthorized(advice);
  if (judgement !== 'right') throw new TooManyAttempts(judgement.afterMs);
}

/** Only a right proof adds anything here, so strangers cannot push the familiar out. */
function remember(familiar: Map<string, Set<string>>, network: string, credential: string): void {
  const known = familiar.get(network) ?? new Set();
  familiar.delete(network);
  familiar.set(network, known.add(credential));
  evictOldest(known, MAX_CREDENTIALS);
  evictOldest(familiar, MAX_SENDERS);
}

function evictOldest(kept: Map<string, unknown> | Set<string>, most: number): void {
  if (kept.size <= most) return;
  const [oldest] = kept.keys();
  if (oldest !== undefined) kept.delete(oldest);
}
