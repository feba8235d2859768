import { readFact, writeFact } from '../store/facts.ts';
import type { Storage } from './storage.ts';

/** A fact of the database, as those who remember something over a restart want it. */
export const createFactMemory = ({ database, committer }: Pick<Storage, 'database' | 'committer'>, name: string) => ({
  read: (): Promise<string | undefined> => readFact({ db: database.reader, engine: database.engine }, name),
  write: (text: string): Promise<void> => committer.write('job', (trx) => writeFact(trx, name, text)),
});
