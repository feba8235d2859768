import { recognise } from './facts.ts';
import type { IndexPorts } from './ports.ts';
import { tokensOf } from './tokens.ts';

/** Keeps the search index in step: the loop of due rows of kind `index` calls `run` after an incident was closed. */
export function createIndexer({ ports }: { readonly ports: IndexPorts }) {
  return {
    /** Does nothing for an incident that is open again, or gone. */
    run: async (incidentId: string, signal: AbortSignal): Promise<void> => {
      const facts = await ports.facts(incidentId);
      if (facts?.incident.status !== 'resolved') return;
      signal.throwIfAborted();
      const { incident } = facts;
      const family = recognise(facts)?.family.id ?? '';
      await ports.put({ incidentId: incident.id, family, tokens: tokensOf(incident) });
    },
  };
}
