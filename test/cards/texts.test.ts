import { describe, expect, it } from 'vitest';
import { READINESS_TEXTS } from '../../src/app/readiness-texts.ts';
import { answerTexts } from '../../src/cards/texts/answers.ts';
import { operationTexts } from '../../src/cards/texts/operations.ts';
import { texts } from '../../src/cards/texts/texts.ts';
import { usageTexts } from '../../src/cards/texts/usage.ts';
import { EVIDENCE_TEXTS } from '../../src/cli/evidence-texts.ts';
import { LARK_TEXTS } from '../../src/cli/lark/texts.ts';
import { MODELS_TEXTS } from '../../src/cli/models-texts.ts';
import { PART_TEXTS, TEXTS } from '../../src/console/texts.ts';
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
const SAME = new Set(['duration.between', 'report.counts', 'api', 'tools.look_at_kubernetes']);

/** The name of the other language, in that language. */
const CHINESE = new Set(['otherLanguage']);

describe.each([
  ['texts', texts('zh-CN'), texts('en-US')],
  ['operation texts', operationTexts('zh-CN'), operationTexts('en-US')],
  ['texts about usage', usageTexts('zh-CN'), usageTexts('en-US')],
  ['texts of answers', answerTexts('zh-CN'), answerTexts('en-US')],
  ['texts of the pages', TEXTS['zh-CN'], TEXTS['en-US']],
  ['names of our parts', PART_TEXTS['zh-CN'], PART_TEXTS['en-US']],
  ['texts about readiness', READINESS_TEXTS['zh-CN'], READINESS_TEXTS['en-US']],
  ['texts of the doctors', MODELS_TEXTS['zh-CN'], MODELS_TEXTS['en-US']],
  ['texts about sources of evidence', EVIDENCE_TEXTS['zh-CN'], EVIDENCE_TEXTS['en-US']],
  ['texts of the commands about Lark', LARK_TEXTS['zh-CN'], LARK_TEXTS['en-US']],
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
    const words = [...english].filter(([key, text]) => !CHINESE.has(key) && /\p{Script=Han}/u.test(text));
    expect(words).toEqual([]);
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
