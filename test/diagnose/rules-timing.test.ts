import { describe, expect, it } from 'vitest';
import { draftOf } from '../../src/diagnose/providers/rules.ts';
import { workedFor } from '../support/worked.ts';
import { packOf } from './rules-pack.ts';

const KIB = 1024;
/** What a page of evidence may hold altogether. */
const MOST = 64 * KIB;
const BITS = [
  'a',
  ' ',
  'x · ',
  '1',
  'pod ',
  'job a',
  'error: ',
  'timeout waiting for ',
  'lookup a',
  '数据库',
  '; rose from about ',
  'between 1 and ',
  'coredns prometheus redis mysql consumer cpu ',
  'certificate expires in ',
  'dns/queue/kafka/node_ ',
  '"',
];
const SOURCES = ['loki', 'kubernetes', 'prometheus', 'alertmanager', 'changes', 'probe', 'mcp:x'] as const;

function hostile(bit: string, source: string) {
  const text = bit.repeat(Math.ceil((2 * KIB) / bit.length));
  const title = source === 'prometheus' ? `The alert’s own expression · ${text}` : `Also firing · ${text}`;
  return {
    source,
    title: title.slice(0, 200),
    text: `${text}\n${text}`.slice(0, 4 * KIB),
    query: text.slice(0, 600),
    relevance: 1,
  };
}

describe('the rules on hostile evidence', () => {
  it('take at most 20 ms for 64 KiB of it, whatever it repeats', () => {
    const slow: string[] = [];
    for (const bit of BITS) {
      for (const source of SOURCES) {
        const items = Array.from({ length: MOST / (4 * KIB) }, () => hostile(bit, source));
        const text = bit.repeat(2000);
        const pack = packOf(text, items, { annotations: { a: text, b: text }, title: text });
        draftOf(pack);
        const best = workedFor(() => draftOf(pack));
        if (best > 20) slow.push(`${source} of "${bit}": ${best.toFixed(1)} ms`);
      }
    }
    expect(slow).toEqual([]);
  });
});
