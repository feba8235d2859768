import { describe, expect, it } from 'vitest';
import { causeKeyOf } from '../../../src/diagnose/answer/cause-key.ts';
import { FAMILIES } from '../../../src/diagnose/rules/families.ts';
import { PARAPHRASES } from './paraphrases.ts';

describe('the key of a cause', () => {
  it.each(PARAPHRASES)('about %s: "%s" is %j', (family, statement, expected) => {
    const found = FAMILIES.find(({ id }) => id === family);
    if (found === undefined) throw new Error(`no family ${family}`);
    const key = causeKeyOf(statement, { family: found, by: 'name', found: family });
    expect(key).toMatch(expected === '' ? /\/said-[0-9a-f]{12}$/ : new RegExp(`/${expected}$`));
  });

  it('is made of its words when no family is known', () => {
    expect(causeKeyOf('A full moon!', undefined)).toBe(causeKeyOf('a FULL moon', undefined));
    expect(causeKeyOf('A full moon', undefined)).toMatch(/^other\/said-[0-9a-f]{12}$/);
  });
});
