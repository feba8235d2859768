import { describe, expect, it } from 'vitest';
import { workedFor } from '../../support/worked.ts';
import { CUT, EVIDENCE, FAILED, MEMORY, cause, causesOf, check, packOf } from './given.ts';

const unverifiedIn = (statement: string, pack = packOf()) =>
  causesOf([cause(statement, 0.5, 'E3')], pack)[0]?.unverified === true;

describe('the claims of an answer', () => {
  it('stand when they cite evidence that exists, under the key of the rule that says the same', () => {
    expect(check({})).toEqual({
      draft: {
        status: 'ready',
        family: 'crash_loop',
        summary: 'The checkout pod is OOMKilled.',
        causes: [{ statement: MEMORY, confidence: 0.8, evidenceIds: ['E3', 'E4'], key: 'crash_loop/memory' }],
        steps: [],
      },
      struck: 0,
    });
  });

  it('lose each citation of what does not exist, and it is counted', () => {
    const { draft, struck } = check({ causes: [cause(MEMORY, 0.8, 'E9', 'E3', 'e77', 'E3', 'INC-1')] });
    expect([draft.causes[0]?.evidenceIds, struck]).toEqual([['E3'], 3]);
  });

  it('may write an id as models do', () => {
    expect(causesOf([cause(MEMORY, 0.8, '[e3]', 'E4 (prometheus)', ' E1.')])[0]?.evidenceIds).toEqual([
      'E1',
      'E3',
      'E4',
    ]);
    expect(causesOf([cause(MEMORY, 0.8, 'E33', 'E3x', 'THE3')])[0]?.evidenceIds).toEqual([]);
  });

  it('are struck when they cite nothing while others do', () => {
    const { draft, struck } = check({
      causes: [cause('The moon is full', 0.9), cause('Goblins', 0.9, 'E44'), cause(MEMORY, 0.4, 'E3')],
    });
    expect(draft.causes.map(({ statement }) => statement)).toEqual([MEMORY]);
    expect(struck).toBe(3);
  });

  it('are marked and weak when they cite nothing and nothing else stands', () => {
    expect(causesOf([cause('The moon is full', 0.9, 'E44')])).toMatchObject([
      { confidence: 0.3, unverified: true, evidenceIds: [] },
    ]);
  });

  it('rest on nothing when they rest on what could not be asked', () => {
    const pack = packOf([...EVIDENCE, FAILED]);
    expect(causesOf([cause('The logs are fine', 0.9, 'E5')], pack)).toMatchObject([
      { confidence: 0.3, unverified: true, evidenceIds: ['E5'] },
    ]);
    expect(causesOf([cause(MEMORY, 0.95, 'E3', 'E5')])[0]?.confidence).toBeLessThanOrEqual(0.85);
  });

  it.each([
    ['as told', 0.8, EVIDENCE, 0.8],
    ['never certain', 1, EVIDENCE, 0.95],
    ['lower where evidence was cut', 0.8, [...EVIDENCE, CUT], 0.64],
    ['lower where a source failed', 0.8, [...EVIDENCE, FAILED], 0.64],
    ['lower still where both', 0.8, [...EVIDENCE, CUT, FAILED], 0.51],
    ['not lowered out of sight', 0.22, [...EVIDENCE, CUT, FAILED], 0.2],
    ['not raised to what it is lowered to at most', 0.1, [...EVIDENCE, CUT, FAILED], 0.1],
  ])('are sure: %s', (_name, told, evidence, expected) => {
    expect(causesOf([cause(MEMORY, told, 'E3', 'E4')], packOf(evidence))[0]?.confidence).toBe(expected);
  });

  it('are very sure only with two sources, and what a rule makes of an alert is no second one', () => {
    expect(causesOf([cause(MEMORY, 0.93, 'E3', 'E4')])[0]?.confidence).toBe(0.93);
    expect(causesOf([cause(MEMORY, 0.93, 'E3')])[0]?.confidence).toBe(0.85);
    expect(causesOf([cause(MEMORY, 0.93, 'E1', 'E2')])[0]?.confidence).toBe(0.85);
  });

  it('are three at most, the surest first, each cause once', () => {
    const { draft, struck } = check({
      causes: [
        cause('A leak', 0.2, 'E3'),
        cause('Neighbours', 0.5, 'E4'),
        cause('Neighbours!', 0.4, 'E4'),
        cause(MEMORY, 0.6, 'E3'),
        cause('Ghosts', 0.1, 'E3'),
      ],
    });
    expect(draft.causes.map(({ confidence }) => confidence)).toEqual([0.6, 0.5, 0.2]);
    expect(struck).toBe(2);
  });

  it('that tell the same rule twice keep both, the second by its own words', () => {
    const keys = causesOf([
      cause(MEMORY, 0.6, 'E3'),
      cause('Killed for memory, OOMKilled, exit code 137', 0.5, 'E3'),
    ]).map(({ key }) => key);
    expect(keys).toEqual(['crash_loop/memory', expect.stringMatching(/^other\/said-[0-9a-f]{12}$/)]);
  });
});

describe('names and numbers in a claim', () => {
  it.each([
    'checkout-7f9c-x2x1 was killed',
    'pods of checkout-7f9c are killed',
    'shop/checkout-7f9c-x2x1 is killed with code 137',
    'limit 512Mi, 512 MiB, 536.9 MB, use 480Mi, that is 93.75% or 94 %',
    'p99 of 350 ms, ratio 0.94, restarted 7 times',
    'image v1.4.2, release 1.4.2, checkout:1.4.2',
    'E3 shows it',
    'INC-20261122-001 began on 2026-11-22 at 08:00',
    'HTTP 5xx, p99 and k8s are words; so are out-of-memory, read-only, e.g. and CPU/memory',
    '内存上限 512Mi，重启了7次，容器 checkout-7f9c-x2x1 退出码 137',
  ])('are verified when the evidence has them: %s', (statement) => {
    expect(unverifiedIn(statement)).toBe(false);
  });

  it.each([
    'checkout-7f9c-x2x2 was killed',
    'checkout-7f9 was killed',
    'limit 256Mi',
    'restarted 8 times',
    'release 1.4.3',
    'release 1.4',
    'exit code 13',
    'E8 shows it',
    'at 07:13',
    'the host db-primary is full',
    'payment-api service is down',
    '主机 db-primary 磁盘写满',
    'see evil.example/pay',
    'the metric node_load is high',
    '内存使用率 99%',
  ])('are marked when it has not: %s', (statement) => {
    expect(unverifiedIn(statement)).toBe(true);
  });

  it('make a cause less sure when they are made up', () => {
    expect(causesOf([cause('Release 9.9.9 leaks', 0.95, 'E3', 'E4')])).toMatchObject([
      { confidence: 0.6, unverified: true },
    ]);
  });

  it('are marked in the sentence of the summary that makes them up', () => {
    const summary = 'checkout-7f9c was killed 7 times. It lost 4711 orders. Look at E3.';
    expect(check({ summary }).draft.summary).toBe(
      'checkout-7f9c was killed 7 times. It lost 4711 orders (unverified). Look at E3.',
    );
    const chinese = check({ summary: '容器重启 7 次。丢了4711单' }, packOf(EVIDENCE, { locale: 'zh-CN' }));
    expect(chinese.draft.summary).toBe('容器重启 7 次。丢了4711单（未核实）');
  });
});

describe('the verdict', () => {
  it('of nothing wrong does not stand when no place that was asked had answered', () => {
    const told = EVIDENCE.slice(0, 2);
    const calm = { not_an_issue: true, causes: [] };
    expect(check(calm).draft).toMatchObject({ status: 'not_an_issue', causes: [], steps: [] });
    expect(check(calm, packOf(told)).draft.status).toBe('not_an_issue');
    expect(check(calm, packOf([...told, FAILED])).draft.status).toBe('inconclusive');
    expect(check(calm, packOf([...EVIDENCE, FAILED])).draft.status).toBe('not_an_issue');
  });

  it('of not knowing has no causes', () => {
    expect(check({ inconclusive: true }).draft).toMatchObject({ status: 'inconclusive', causes: [] });
  });

  it('has an opinion on severity only where it is another', () => {
    expect(check({ severity: 'critical' }).draft).not.toHaveProperty('severityOpinion');
    expect(check({ severity: 'info' }).draft.severityOpinion).toBe('info');
  });

  it('always has a summary', () => {
    expect(check({ summary: '<at id=all></at>' }).draft.summary).toBe(MEMORY);
    expect(check({ summary: '```', causes: [cause('@', 0.5, 'E3')] }).draft).toMatchObject({
      status: 'inconclusive',
      summary: expect.stringMatching(/\w{5}/),
    });
  });
});

describe('an alert that is nothing but beginnings of names', () => {
  it('holds nobody up while claims are checked', () => {
    const labels = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`l${at}`, 'a1'.repeat(4000)]));
    const pack = packOf(EVIDENCE);
    const hostile = { ...pack, incident: { ...pack.incident, labels } };
    const words = Array.from({ length: 120 }, (_, at) => (at % 2 === 0 ? '1a' : '1a'.repeat(at))).join(' ');
    expect(workedFor(() => check({ summary: words }, hostile))).toBeLessThan(300);
  });
});
