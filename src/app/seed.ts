import { PEOPLE } from '../channels/playground/people.ts';
import type { Operators } from '../operations/operators-port.ts';
import type { Targets } from '../operations/targets-port.ts';
import type { Database, Write } from '../store/database.ts';
import { readFact, writeFact } from '../store/facts.ts';
import type { Locale } from '../types.ts';

const DONE = 'playground_seeded';

interface Seeded {
  readonly operators: Pick<Operators, 'add'>;
  readonly targets: Pick<Targets, 'ensure'>;
  /** The people are named in it. */
  readonly locale: Locale;
}

/** Whether a server has started on this database before. */
export const isSeeded = async (database: Database): Promise<boolean> => (await readFact(database, DONE)) !== undefined;

/**
 * Names the playground's people and opens its lobby once, on the very first start; whoever removes them afterwards keeps
 * them removed.
 */
export async function seedPlayground(database: Database, write: Write, seeded: Seeded): Promise<void> {
  if (await isSeeded(database)) return;
  const { operators, targets, locale } = seeded;
  for (const { id, name, role } of PEOPLE[locale]) await operators.add({ name, role, ids: [`playground:${id}`] });
  await targets.ensure('playground', 'lobby', { pending: false });
  await write('job', (trx) => writeFact(trx, DONE, '1'));
}
