import { describe, expect, it } from 'vitest';
import { applyVerdicts } from '../../../src/diagnose/memory.ts';
import { causeOf, draftOf, memoryOf } from './likely.ts';

/** One like it was resolved in these words. */
const resolvedWith = (cause: string) =>
  memoryOf({
    similar: [
      {
        incident: {
          id: 'INC-1',
          title: 'payment restarts',
          summary: '',
          labels: {},
          cause,
          tokens: [],
          openedAt: 0,
          resolvedAt: 60_000,
        },
        score: 0.8,
      },
    ],
    evidenceOf: new Map([['INC-1', 'E7']]),
  });
const unseen = draftOf(causeOf('The connection pool is exhausted', 0.28));

describe('an incident like one that was none', () => {
  it.each([
    'False alarm, the exporter was restarted',
    'Nightly export, no action needed',
    'expected during the quarterly close',
    '误报，采集抖动',
    '月末跑批，无需处理',
    '属于正常现象',
  ])('is probably none either: %s', (cause) => {
    const after = applyVerdicts(unseen, resolvedWith(cause));
    expect(after).toMatchObject({ status: 'not_an_issue', causes: [], steps: [] });
    expect(after.summary).toContain(cause);
  });

  it.each(['The pool was too small', 'not expected during business hours: a leak', '不符合预期，回滚了配置'])(
    'is one when that was one: %s',
    (cause) => {
      expect(applyVerdicts(unseen, resolvedWith(cause)).status).toBe('ready');
    },
  );

  it('is one when something was seen this time', () => {
    const seen = draftOf(causeOf('The connection pool is exhausted', 0.5));
    expect(applyVerdicts(seen, resolvedWith('False alarm, the exporter was restarted')).status).toBe('ready');
  });
});
