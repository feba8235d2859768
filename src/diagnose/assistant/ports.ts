import type { Change } from '../../incident/change.ts';
import type { TimelineEntry } from '../../incident/incident.ts';
import type { EpochMs, Locale } from '../../types.ts';
import type { Shortfall } from '../diagnosis.ts';
import type { Diagnosis, Evidence } from '../diagnosis.ts';
import type { EvidenceSource } from '../evidence/source.ts';
import type { CallableTool } from '../evidence/mcp/tools.ts';
import type { FoundRunbook } from '../evidence/runbooks/runbooks.ts';
import type { Facts, KnownIncident, Search } from '../ports.ts';
import type { Turn as Said } from '../prompting/ask.ts';

/** What was said before in a thread. */
export interface Conversation {
  /** Oldest first, bounded. */
  readonly turns: readonly Turn[];
  readonly incidentId?: string;
  /** A provider's own memory of it, which belongs to the person who began it. */
  readonly remote?: { readonly provider: string; readonly subject: string; readonly id: string };
}

export interface Turn extends Said {
  readonly at: EpochMs;
}

/** A question, and everything that tells what it is about. */
export interface Inquiry {
  readonly text: string;
  readonly conversation: Conversation;
  /** The incident that was pointed at. */
  readonly incidentId?: string;
  /** Opaque and stable for each person. */
  readonly subject: string;
  readonly person: { readonly id: string; readonly name: string };
  readonly locale: Locale;
  readonly timezone: string;
}

/** How far an answer is. */
export interface Progress {
  /** Fit to be shown; empty at first. Costs something, so it is asked for when it is shown. */
  readonly text: () => string;
  /** The tools that are being asked. */
  readonly looking?: readonly string[];
}

export type Answered =
  | {
      readonly kind: 'answer';
      /** Fit to be shown: plain lines. */
      readonly text: string;
      /** In the order of the answer. */
      readonly cited: readonly Evidence[];
      readonly provider: string;
      readonly model: string;
      readonly promptVersion: string;
      readonly remote?: Conversation['remote'];
      readonly incidentId?: string;
    }
  | { readonly kind: 'none'; readonly shortfall: Shortfall };

/** What the assistant may read. Nothing of it writes. */
export interface Library {
  facts(incidentId: string): Promise<Facts | undefined>;
  /** The one that counts, with its evidence. */
  diagnosis(incidentId: string): Promise<Diagnosis | undefined>;
  timeline(incidentId: string, limit: number): Promise<readonly TimelineEntry[]>;
  /** Unresolved, worst first. */
  open(limit: number): Promise<readonly KnownIncident[]>;
  /** By words in id, title, summary and labels; latest first. */
  find(words: string, limit: number): Promise<readonly KnownIncident[]>;
  changes(from: EpochMs, to: EpochMs, limit: number): Promise<readonly Change[]>;
  runbooks(words: string, limit: number): Promise<readonly FoundRunbook[]>;
  readonly past: Search;
  readonly sources: readonly EvidenceSource[];
  /** Of MCP servers, declared read-only by configuration. Never rejects. */
  mcpTools(signal: AbortSignal): Promise<readonly CallableTool[]>;
}
