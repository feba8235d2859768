import { describe, expect, it } from 'vitest';
import { operationTexts } from '../../src/cards/texts/operations.ts';
import { texts } from '../../src/cards/texts/texts.ts';
import { usageTexts } from '../../src/cards/texts/usage.ts';
import { RING_REASONS, TIMELINE_KINDS } from '../../src/incident/incident.ts';

/** Every text by its path; functions are called with the arguments that make them speak. */
function flat(table: object, path = ''): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(table).flatMap(([key, value]): [string, string][] => {
      const at = path === '' ? key : `${path}.${key}`;
      if (typeof value === 'string') return [[at, value]];
      if (typeof value === 'function') return [[at, said(value as (...args: never[]) => string)]];
      return [...flat(value as object, at)];
    }),
  );
}

/** Numbers for whoever counts, lists for whoever joins: the first kind of argument that the text accepts. */
function said(text: (...args: never[]) => string): string {
  for (const argument of [3, 'x', ['x'], {}]) {
    try {
      const answer = text(...(Array.from({ length: 6 }, () => argument) as never[]));
      if (typeof answer === 'string') return answer;
    } catch {
      continue;
    }
  }
  throw new Error('no argument suits this text');
}

/** Equal in both languages because they hold no words. */
const SAME = new Set(['duration.between', 'report.counts']);

describe.each([
  ['texts', texts('zh-CN'), texts('en-US')],
  ['operation texts', operationTexts('zh-CN'), operationTexts('en-US')],
  ['texts about usage', usageTexts('zh-CN'), usageTexts('en-US')],
] as const)('%s', (_name, zh, en) => {
  const chinese = flat(zh);
  const english = flat(en);

  it('exist in both languages under the same keys', () => {
    expect([...english.keys()]).toEqual([...chinese.keys()]);
  });

  it('are never empty', () => {
    expect([...chinese, ...english].filter(([, text]) => text === '')).toEqual([]);
  });

  it('are not the same in both by accident', () => {
    const same = [...chinese].filter(([key, text]) => english.get(key) === text).map(([key]) => key);
    expect(same.filter((key) => !SAME.has(key))).toEqual([]);
  });

  it('hold no Chinese in the English table', () => {
    expect([...english].filter(([, text]) => /\p{Script=Han}/u.test(text))).toEqual([]);
  });
});

describe('the tables', () => {
  it('have a sentence for every kind of timeline entry and every reason to ring', () => {
    for (const locale of ['zh-CN', 'en-US'] as const) {
      const t = texts(locale);
      expect(Object.keys(t.timeline)).toEqual(expect.arrayContaining([...TIMELINE_KINDS]));
      expect(Object.keys(t.announcement)).toEqual(expect.arrayContaining([...RING_REASONS]));
    }
  });
});
