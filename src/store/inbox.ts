import type { Inbox } from '../chat/ports.ts';
import type { Clock } from '../types.ts';
import type { Database, Write } from './database.ts';
import { enqueueMessage } from './delivery/outbox.ts';
import { scheduleDue } from './due.ts';
import { readInbound, takeInbound } from './inbound.ts';

/** Messages taken in, and their answers: one transaction, so that neither is there without the other. */
export function createInbox(deps: {
  readonly database: Database;
  readonly write: Write;
  readonly clock: Clock;
}): Inbox {
  const { database, write, clock } = deps;
  const reading = { db: database.reader, engine: database.engine };
  return {
    seen: async (source, key) => (await readInbound(reading, source, key)) !== undefined,
    settle: (source, key, answers, due) =>
      write('press', async (trx) => {
        if (!(await takeInbound(trx, source, key, clock.now()))) return;
        for (const answer of answers) await enqueueMessage(trx, answer, clock.now());
        if (due !== undefined) await scheduleDue(trx, due);
      }),
  };
}
