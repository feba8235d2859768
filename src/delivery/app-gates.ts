import type { EpochMs } from '../types.ts';

interface Gate {
  until: EpochMs;
  /** Targets, first come first. */
  readonly waiting: Set<string>;
  timer?: NodeJS.Timeout | undefined;
}

/**
 * What this process knows of apps that have no token to give: their lanes wait here, at no cost to the database, and are
 * rung all at once, so that one round sees what is most urgent among them.
 */
export function createAppGates(ring: (targetId: string) => void) {
  const gates = new Map<string, Gate>();

  function open(gate: Gate): void {
    gate.timer = undefined;
    const waiting = [...gate.waiting];
    gate.waiting.clear();
    for (const id of waiting) ring(id);
  }

  return {
    /** No token before `until`. */
    shut(key: string, until: EpochMs): void {
      const gate = gates.get(key);
      if (gate === undefined) gates.set(key, { until, waiting: new Set() });
      else gate.until = Math.max(gate.until, until);
    },
    /** Whether the app is shut; the target then waits, and is rung when it may be open. */
    stops(key: string, targetId: string, now: EpochMs): boolean {
      const gate = gates.get(key);
      if (gate === undefined || gate.until <= now) return false;
      gate.waiting.add(targetId);
      gate.timer ??= setTimeout(() => open(gate), gate.until - now);
      return true;
    },
    /** The clock was set back. */
    setBack(now: EpochMs, byMs: number): void {
      for (const gate of gates.values()) if (gate.until > now) gate.until -= byMs;
    },
    silence(): void {
      for (const { timer } of gates.values()) clearTimeout(timer);
    },
  };
}

export type AppGates = ReturnType<typeof createAppGates>;
