import { describe, expect, it } from 'vitest';
import { examplesFor } from '../../../src/diagnose/memory/examples.ts';
import { verdictOn } from './likely.ts';

const words = (verdicts: Parameters<typeof examplesFor>[0]['verdicts']) =>
  examplesFor({ verdicts }).map(({ verdict, cause }) => `${verdict} ${cause}`);

describe('the examples a model gets', () => {
  it('are of the likest incidents first, with a reason before those without', () => {
    const verdicts = [
      verdictOn({ cause: 'a', verdict: 'rejected', likeness: 0.5 }),
      verdictOn({ cause: 'b', verdict: 'rejected', likeness: 0.5, reason: 'heap was flat', incidentId: 'INC-2' }),
      verdictOn({ cause: 'c', verdict: 'confirmed', likeness: 0.9, incidentId: 'INC-3' }),
    ];
    expect(words(verdicts)).toEqual(['confirmed c', 'rejected b', 'rejected a']);
  });

  it('hold the last word of an incident about a cause alone', () => {
    const verdicts = [
      verdictOn({ cause: 'a', verdict: 'confirmed', at: 2 }),
      verdictOn({ cause: 'a', verdict: 'rejected', at: 1 }),
      verdictOn({ cause: 'b', verdict: 'rejected', at: 1 }),
    ];
    expect(words(verdicts)).toEqual(['confirmed a', 'rejected b']);
  });

  it('are few, and many of one kind leave room for the other', () => {
    const verdicts = Array.from({ length: 30 }, (_, index) =>
      verdictOn({ cause: `cause ${index}`, verdict: 'confirmed', incidentId: `INC-${index}`, likeness: 0.9 }),
    );
    const rejected = verdictOn({ cause: 'wrong', verdict: 'rejected', incidentId: 'INC-99', likeness: 0.4 });
    const found = words([...verdicts, rejected]);
    expect(found).toHaveLength(5);
    expect(found.at(-1)).toBe('rejected wrong');
  });
});
