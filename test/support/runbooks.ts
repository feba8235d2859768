import type { Runbook } from '../../src/diagnose/evidence/runbooks/runbook.ts';
import type { OperationPorts } from '../../src/operations/ports.ts';

/** A shelf of the given runbooks: a search finds those whose text has the words. */
export function createFakeRunbooks(runbooks: readonly Runbook[] = [DISK]): OperationPorts['runbooks'] {
  return {
    folder: './runbooks',
    list: async () => runbooks,
    get: async (id) => runbooks.find((one) => one.id === id),
    problems: async () => [],
    search: async (words, limit = 3) =>
      runbooks
        .filter(({ text }) => text.includes(words))
        .slice(0, limit)
        .map((runbook) => ({ runbook, section: SECTION, excerpt: SECTION.text, score: 0.5 })),
  };
}

const SECTION = { level: 2, heading: 'Find out', text: '1. df -h\n- lsof <at id=all></at>' };

export const DISK: Runbook = {
  id: 'disk',
  title: 'A disk is full',
  path: 'hosts/disk.md',
  alerts: ['Disk*'],
  labels: { team: 'hosts' },
  text: `## Find out\n${SECTION.text}\n磁盘 disk`,
  sections: [SECTION],
  updatedAt: Date.parse('2026-11-01T00:00:00Z'),
};
