import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { citationsIn } from '../../../src/diagnose/assistant/citations.ts';
import { shownLines } from '../../../src/diagnose/assistant/lines.ts';
import { createRedactor } from '../../../src/diagnose/redact/redactor.ts';

const shown = createRedactor({ policy: 'full' });
const redact = (text: string): string => shown.redact(text).text;
const item = (id: string) => [id, { id, source: 'loki', title: id, text: '', at: 0 }] as const;
const known = new Map([item('E1'), item('E2'), item('E12')]);

describe('the ids an answer names', () => {
  it.each([
    ['Slow [E1].', 'Slow [E1].', ['E1'], 0],
    ['Slow [E2, E1] and [E2].', 'Slow [E2, E1] and [E2].', ['E2', 'E1'], 0],
    ['慢【E1、E12】。', '慢[E1, E12]。', ['E1', 'E12'], 0],
    ['Slow [E1, E99].', 'Slow [E1].', ['E1'], 1],
    ['Slow [E99].', 'Slow .', [], 1],
    ['As E1 and E99 say', 'As E1 and say', ['E1'], 1],
    ['Model E123X and SOME1 stay', 'Model E123X and SOME1 stay', [], 0],
  ])('%s', (text, left, ids, struck) => {
    const cited = citationsIn(text, known);
    expect([cited.text, cited.evidence.map(({ id }) => id), cited.struck]).toEqual([left, ids, struck]);
  });

  it('are never any that nothing has, whatever was said', () => {
    const bits = fc.array(fc.constantFrom('[', ']', '【', 'E1', 'E99', ', ', ' ', '、', 'x', '\uE010', '\uE011'), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(bits, (parts) => {
        const { text } = citationsIn(parts.join(''), known);
        expect(text).not.toMatch(/(?<![\w])E99(?!\w)/);
      }),
    );
  });
});

describe('the lines of an answer', () => {
  it('keep lists and lose markup, links, mentions and secrets', () => {
    const said = [
      '## Cause',
      '',
      '- **checkout** waits for [the database](https://evil.example/x)',
      '2. ask @all to look, password=hunter2hunter2',
      '<at id=all></at>',
      'run `kubectl delete pod x`',
    ].join('\n');
    const lines = shownLines(said, { redact });
    expect(lines).toMatch(/^Cause\n• checkout waits for the database\n2\. ask all to look/);
    expect(lines).not.toMatch(/https?:|@|hunter2|<|kubectl delete/);
  });

  it('are few and short, however long the answer', () => {
    const lines = shownLines(`${'x'.repeat(5000)}\n${'y\n'.repeat(500)}`, { redact }).split('\n');
    expect(lines.length).toBeLessThanOrEqual(30);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(620);
  });

  it('find a secret that stretches over lines', () => {
    const key = `-----BEGIN PRIVATE KEY-----\n${'QUJDREVGR0hJSktMTU5PUA\n'.repeat(4)}-----END PRIVATE KEY-----`;
    expect(shownLines(`Look:\n${key}\nbad`, { redact })).not.toContain('QUJDREVG');
  });
});
