import { randomUUID } from 'node:crypto';
import { contentOf } from '../chat/answer.ts';
import type { Perform } from '../operations/perform.ts';
import { createAnnounce } from '../store/announce.ts';
import type { Edges } from '../types.ts';
import type { Storage } from './storage.ts';

export interface AnnouncingDeps {
  readonly perform: Perform;
  readonly storage: Pick<Storage, 'committer' | 'defaultTargetId'>;
  readonly edges: Pick<Edges, 'clock'>;
}

/** Performs for a face without a chat: what others should know is told to the chats that it concerns. */
export function createAnnouncing({ perform, storage, edges }: AnnouncingDeps): Perform {
  const announce = createAnnounce({
    write: storage.committer.write,
    clock: edges.clock,
    fallbackTargetId: storage.defaultTargetId,
  });
  return async (operation, raw, context) => {
    const outcome = await perform(operation, raw, context);
    const { answer, incidentId } = outcome;
    if (!outcome.ok || answer.announce !== true || (incidentId ?? answer.concerns) === undefined) return outcome;
    await announce({
      key: context.inboundKey ?? randomUUID(),
      payload: { kind: 'message', content: contentOf(answer), locale: context.locale },
      ...(incidentId === undefined ? {} : { incidentId }),
      ...(answer.concerns === undefined ? {} : { matchers: answer.concerns }),
    });
    return outcome;
  };
}
