import { type CommitterDeps, createCommitter } from '../../src/store/committer.ts';
import { SILENT } from '../support/engines.ts';

/** The committer of a test that takes in no alerts. */
export const committerOn = (database: CommitterDeps['database']) =>
  createCommitter({
    database,
    acceptBatch: async () => [],
    onCommit: () => undefined,
    random: Math.random,
    log: SILENT,
  });
