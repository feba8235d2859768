import { describe, expect, it } from 'vitest';
import { type Breaker, CLOSED, admitted, afterFailure, stateOf } from '../../../src/diagnose/chain/breaker.ts';

const MINUTE = 60_000;
const fail = (times: number, from: Breaker = CLOSED, now = 0): Breaker =>
  Array.from({ length: times }).reduce<Breaker>((breaker) => afterFailure(breaker, 'unavailable', now), from);

describe('a breaker', () => {
  it('opens at the fifth failure in a row and not before', () => {
    expect(stateOf(fail(4), 0)).toBe('closed');
    expect(stateOf(fail(5), 0)).toBe('open');
    expect(admitted(fail(5), MINUTE - 1)).toBeUndefined();
  });

  it('lets one call find out whether the provider is back', () => {
    const open = fail(5);
    const probing = admitted(open, MINUTE);
    expect(probing?.probeSince).toBe(MINUTE);
    expect(probing && admitted(probing, MINUTE + 1)).toBeUndefined();
    expect(probing && admitted(probing, 11 * MINUTE)).toBeDefined(); // whoever asked never came back
  });

  it('stays open twice as long after each failed probe, a quarter of an hour at most', () => {
    let breaker = fail(5);
    const waits: number[] = [];
    for (let round = 0; round < 6; round += 1) {
      const at = breaker.openUntil ?? 0;
      breaker = afterFailure(admitted(breaker, at) ?? CLOSED, 'timeout_idle', at);
      waits.push(((breaker.openUntil ?? 0) - at) / MINUTE);
    }
    expect(waits).toEqual([2, 4, 8, 15, 15, 15]);
  });

  it('opens at once for what only a person can mend, and for an empty account until it says', () => {
    expect(afterFailure(CLOSED, 'auth', 0).openUntil).toBe(15 * MINUTE);
    expect(afterFailure(CLOSED, 'quota', 0, 5 * MINUTE).openUntil).toBe(5 * MINUTE);
    expect(afterFailure(CLOSED, 'quota', 0).openUntil).toBe(60 * MINUTE);
  });

  it('counts nothing for a provider that answered, or that nobody waited for', () => {
    expect(afterFailure(fail(4), 'truncated', 0)).toEqual(CLOSED);
    expect(afterFailure(fail(4), 'cancelled', 0).failures).toBe(4);
    const probing = admitted(fail(5), MINUTE) ?? CLOSED;
    expect(stateOf(afterFailure(probing, 'cancelled', MINUTE), MINUTE)).toBe('half_open');
  });
});
