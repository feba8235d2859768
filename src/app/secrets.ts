/** Secrets that this process knows now; those of rows and of rotated files come and go. */
export interface Secrets {
  /** The same array until something changes. */
  readonly all: () => readonly string[];
  /** What `owner` has from now on, in the place of what it had. */
  keep(owner: string, values: readonly string[]): void;
}

/** What logs, cards, prompts and exports must not show, whatever it looks like. */
export function createSecrets(configured: readonly string[]): Secrets {
  const byOwner = new Map<string, readonly string[]>();
  let all = configured;
  return {
    all: () => all,
    keep: (owner, values) => {
      const kept = byOwner.get(owner) ?? [];
      if (kept.length === values.length && kept.every((value, index) => value === values[index])) return;
      byOwner.set(owner, values);
      all = [...new Set([...configured, ...[...byOwner.values()].flat()])];
    },
  };
}
