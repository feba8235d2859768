import { approvalCard } from '../cards/approval-card.ts';
import type { Target } from '../operations/targets-port.ts';
import { enqueueMessage } from '../store/delivery/outbox.ts';
import type { Clock, Locale } from '../types.ts';
import type { Storage } from './storage.ts';

export interface AskApprovalDeps {
  readonly storage: Pick<Storage, 'committer' | 'defaultTargetId'>;
  readonly clock: Clock;
  readonly locale: Locale;
  readonly timezone: string;
  readonly publicUrl: string;
}

/** Asks by a card, in the chat itself and at the default target, whether incidents may go there; each is asked once. */
export function createAskApproval({ storage, clock, locale, timezone, publicUrl }: AskApprovalDeps) {
  return async (target: Target): Promise<void> => {
    const { id, name, channel, address } = target;
    const asked = target.locale ?? locale;
    const card = approvalCard(
      { targetId: id, name, address: `${channel}:${address}` },
      { locale: asked, timezone, publicUrl },
    );
    const payload = { kind: 'message', content: { kind: 'card', card }, locale: asked } as const;
    await storage.committer.write('job', async (trx) => {
      for (const targetId of new Set([id, storage.defaultTargetId])) {
        const dedupeKey = `chat_pending:${id}:${targetId}`;
        await enqueueMessage(trx, { targetId, kind: 'event', event: 'chat_pending', payload, dedupeKey }, clock.now());
        trx.hint({ kind: 'target', id: targetId });
      }
    });
  };
}
