import { describe, expect, it } from 'vitest';
import { applyVerdicts } from '../../../src/diagnose/memory.ts';
import { likest } from '../../../src/diagnose/memory/likest.ts';
import { tokensOf } from '../../../src/diagnose/tokens.ts';
import { causeOf, draftOf, memoryOf, verdictOn } from './likely.ts';

const POOL = 'The connection pool of payment is exhausted';
const POOL_AGAIN = 'payment has an exhausted connection pool';
const DNS = 'The resolver answers SERVFAIL for the ledger';

const statements = (...given: Parameters<typeof applyVerdicts>): readonly string[] =>
  applyVerdicts(...given).causes.map(({ statement }) => statement);

describe('what people said about a cause', () => {
  it('pushes it down in a similar incident although a model words it differently, and no other', () => {
    const draft = draftOf(causeOf(POOL_AGAIN, 0.6), causeOf(DNS, 0.5));
    const after = applyVerdicts(draft, memoryOf({ verdicts: [verdictOn({ cause: POOL, verdict: 'rejected' })] }));
    expect(after.causes.map(({ statement }) => statement)).toEqual([DNS, POOL_AGAIN]);
    expect(after.causes[0]).toEqual(causeOf(DNS, 0.5));
    expect(after.causes[1]).toMatchObject({ seen: 1, confirmed: 0 });
  });

  it('pushes down what the rules call the same, whoever worded it', () => {
    const rejected = verdictOn({
      cause: 'A changed configuration',
      causeKey: 'crash_loop/config',
      verdict: 'rejected',
    });
    const draft = draftOf(causeOf('payment misses LEDGER_URL', 0.6, 'crash_loop/config'), causeOf(DNS, 0.5));
    expect(statements(draft, memoryOf({ verdicts: [rejected] }))[0]).toBe(DNS);
  });

  it('takes it away from the very incident for which it was rejected, in any words', () => {
    const rejected = verdictOn({ cause: POOL, verdict: 'rejected', incidentId: 'INC-9', likeness: 1 });
    const draft = draftOf(causeOf(POOL_AGAIN, 0.9), causeOf(DNS, 0.2));
    expect(statements(draft, memoryOf({ verdicts: [rejected] }))).toEqual([DNS]);
  });

  it('ends without a cause when the model has no other than the one rejected here', () => {
    const rejected = verdictOn({ cause: POOL, verdict: 'rejected', incidentId: 'INC-9', likeness: 1 });
    const after = applyVerdicts(draftOf(causeOf(POOL_AGAIN, 0.9)), memoryOf({ verdicts: [rejected] }));
    expect(after).toMatchObject({ status: 'inconclusive', causes: [] });
    expect(after.summary).toContain('rejected');
  });

  it('raises a confirmed one that the model words differently, instead of saying it twice', () => {
    const confirmed = verdictOn({ cause: POOL, verdict: 'confirmed' });
    const draft = draftOf(causeOf(DNS, 0.5), causeOf(POOL_AGAIN, 0.45));
    const after = applyVerdicts(draft, memoryOf({ verdicts: [confirmed] }));
    expect(after.causes.map(({ statement }) => statement)).toEqual([POOL_AGAIN, DNS]);
    expect(after.causes[0]).toMatchObject({ seen: 1, confirmed: 1 });
  });

  it('is recalled once when several incidents had it in different words', () => {
    const verdicts = [
      verdictOn({ cause: POOL, verdict: 'confirmed' }),
      verdictOn({ cause: POOL_AGAIN, verdict: 'confirmed', incidentId: 'INC-2' }),
    ];
    const after = applyVerdicts(draftOf(causeOf(DNS, 0.5)), memoryOf({ verdicts }));
    expect(after.causes.map(({ statement, seen }) => [statement, seen])).toEqual([
      [POOL, 2],
      [DNS, undefined],
    ]);
  });

  it('counts the more the more its incident is like this one, and a rejection more than a confirmation', () => {
    const confidence = (verdict: 'confirmed' | 'rejected', likeness: number): number =>
      applyVerdicts(
        draftOf(causeOf(POOL, 0.5)),
        memoryOf({ verdicts: [verdictOn({ cause: POOL, verdict, likeness })] }),
      ).causes[0]?.confidence ?? 0;
    expect(confidence('confirmed', 0.9)).toBeGreaterThan(confidence('confirmed', 0.4));
    expect(confidence('rejected', 0.9)).toBeLessThan(confidence('rejected', 0.4));
    expect(0.5 - confidence('rejected', 0.5)).toBeGreaterThan(confidence('confirmed', 0.5) - 0.5);
  });

  it('changes nothing where nothing is wrong', () => {
    const calm = { ...draftOf(), status: 'not_an_issue' as const };
    expect(applyVerdicts(calm, memoryOf({ verdicts: [verdictOn({ cause: POOL, verdict: 'confirmed' })] }))).toBe(calm);
  });
});

describe('what was written when a similar incident was resolved', () => {
  const closed = (cause: string, id = 'INC-1') => ({
    incident: { id, tokens: [], title: '', summary: '', labels: {}, openedAt: 1, resolvedAt: 2, cause },
    score: 0.5,
  });
  const evidenceOf = new Map([
    ['INC-1', 'E7'],
    ['INC-2', 'E8'],
  ]);

  it('speaks for the cause that says the same in other words, and is cited', () => {
    const after = applyVerdicts(draftOf(causeOf(POOL_AGAIN, 0.4)), memoryOf({ similar: [closed(POOL)], evidenceOf }));
    expect(after.causes).toMatchObject([{ statement: POOL_AGAIN, seen: 1, confirmed: 0, evidenceIds: ['E1', 'E7'] }]);
    expect(after.causes[0]?.confidence).toBeGreaterThan(0.4);
  });

  it('is one cause when two people wrote it differently', () => {
    const similar = [closed(POOL), closed(POOL_AGAIN, 'INC-2')];
    const after = applyVerdicts(draftOf(causeOf(DNS, 0.2)), memoryOf({ similar, evidenceOf }));
    expect(after.causes).toHaveLength(2);
    expect(after.causes[0]).toMatchObject({ seen: 2, evidenceIds: ['E7', 'E8'] });
  });

  it('loses its place to another cause when it was rejected in an incident like it', () => {
    const similar = [closed(POOL), closed(DNS, 'INC-2')];
    const rejected = verdictOn({
      cause: `Last time (INC-1) it was: ${POOL_AGAIN}`,
      verdict: 'rejected',
      incidentId: 'INC-2',
    });
    const shown = (verdicts: readonly (typeof rejected)[]) =>
      applyVerdicts({ ...draftOf(), status: 'inconclusive' }, memoryOf({ similar, evidenceOf, verdicts })).causes[0]
        ?.statement;
    expect(shown([])).toContain(POOL);
    expect(shown([rejected])).toContain(DNS);
  });
});

describe('verdicts that may teach', () => {
  const corpus = { documents: 0, averageLength: 0, frequencies: new Map<string, number>() };
  const about = (title: string) => ({ title, summary: '', labels: { service: 'payment' } });
  const here = tokensOf(about('payment restarts during reconciliation'));
  const verdict = (incidentId: string, title: string, at = 1) => {
    const { likeness: _likeness, ...one } = verdictOn({
      cause: POOL,
      verdict: 'rejected',
      incidentId,
      at,
      about: about(title),
    });
    return one;
  };

  it('are those of like incidents, the likest first, and always those of the incident itself', () => {
    const others = [
      verdict('INC-1', 'payment restarts'),
      verdict('INC-2', 'payment restarts during reconciliation'),
      { ...verdict('INC-3', '磁盘写满'), about: { title: '磁盘写满', summary: '', labels: {} } },
      { ...verdict('INC-9', 'renamed'), about: { title: 'renamed', summary: '', labels: {} } },
    ];
    const found = likest(here, 'INC-9', others, corpus).map(({ incidentId }) => incidentId);
    expect(found).toEqual(['INC-2', 'INC-9', 'INC-1']);
  });

  it('of equally like incidents stand the newest first', () => {
    const found = likest(here, 'INC-9', [verdict('INC-1', 'payment', 1), verdict('INC-2', 'payment', 2)], corpus);
    expect(found.map(({ incidentId }) => incidentId)).toEqual(['INC-2', 'INC-1']);
  });
});
