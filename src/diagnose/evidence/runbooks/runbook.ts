import type { EpochMs, Labels } from '../../../types.ts';

/** One Markdown file of the runbooks folder. */
export interface Runbook {
  /** `[a-z0-9-]`, at most 64 characters; stays the same as long as the file's name or its `id:` does. */
  readonly id: string;
  readonly title: string;
  /** Below the folder, with `/`. */
  readonly path: string;
  /** Names of alerts it is for; `*` stands for any characters. */
  readonly alerts: readonly string[];
  /** Labels that an alert must have, with the same `*`. */
  readonly labels: Labels;
  /** Markdown without its front matter. */
  readonly text: string;
  readonly sections: readonly Section[];
  readonly updatedAt: EpochMs;
}

/** A heading and what stands below it until the next heading. */
export interface Section {
  /** 1 … 6; 0 is what stands before the first heading. */
  readonly level: number;
  readonly heading: string;
  readonly text: string;
}
