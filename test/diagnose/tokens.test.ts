import { describe, expect, it } from 'vitest';
import { rank, rarest } from '../../src/diagnose/bm25.ts';
import { likeness, tokensOf } from '../../src/diagnose/tokens.ts';

const tokens = (title: string, labels = {}) => tokensOf({ title, summary: '', labels });

describe('tokens', () => {
  it('are lower-cased words and pairs of Chinese characters', () => {
    expect(tokens('MySQL 主从延迟 on payment')).toEqual([
      'mysql',
      'my',
      'sql',
      '主从',
      '从延',
      '延迟',
      'on',
      'payment',
    ]);
  });

  it('know a camel-case name whole and in parts', () => {
    expect(tokens('KubePodCrashLooping')).toEqual(['kubepodcrashlooping', 'kube', 'pod', 'crash', 'looping']);
  });

  it('drop numbers, ids and generated suffixes, keep short forms', () => {
    expect(tokens('payment-7f9c8d6b5-xk2lp 10.0.0.1:9100 5xx p99 bcdfg')).toEqual(['payment', '5xx', 'p99']);
  });

  it('leave out labels that name one instance', () => {
    expect(tokens('t1', { pod: 'payment-abc', instance: 'db', service: 'orders' })).toEqual(['t1', 'orders']);
  });

  it('are bounded however long the text', () => {
    expect(
      tokensOf({ title: 'word '.repeat(10_000), summary: '长'.repeat(10_000), labels: {} }).length,
    ).toBeLessThanOrEqual(160);
  });

  it('never contain what a search engine would read as syntax', () => {
    const hostile = `" OR * NEAR( ) ' & | ! : \\ ^ - _ {x} 磁盘"使用' AND NOT`;
    for (const token of tokens(hostile)) expect(token).toMatch(/^[\p{L}\p{N}]+$/u);
  });

  it('are as alike as what they share', () => {
    expect(likeness(['a', 'b'], ['a', 'b'])).toBe(1);
    expect(likeness(['a', 'b'], ['b', 'c'])).toBe(0.5);
    expect(likeness([], [])).toBe(0);
  });
});

describe('ranking', () => {
  const document = (id: string, title: string) => ({ id, tokens: tokens(title) });
  const documents = [
    document('disk', '磁盘使用率过高 db-primary /data'),
    document('pool', 'payment 数据库连接池耗尽'),
    document('orders', 'orders 数据库连接池耗尽'),
    document('crash', 'KubePodCrashLooping payment'),
  ];
  const corpus = (() => {
    const frequencies = new Map<string, number>();
    for (const one of documents)
      for (const token of new Set(one.tokens)) frequencies.set(token, (frequencies.get(token) ?? 0) + 1);
    const averageLength = documents.reduce((sum, one) => sum + one.tokens.length, 0) / documents.length;
    return { documents: documents.length, averageLength, frequencies };
  })();

  it('puts the same problem of the same service first', () => {
    const ranked = rank(tokens('payment 数据库连接池耗尽'), documents, corpus);
    expect(ranked.map(({ document: { id } }) => id)).toEqual(['pool', 'orders', 'crash', 'disk']);
    expect(ranked[0]?.score).toBeCloseTo(1);
    expect(ranked[3]?.score).toBe(0);
  });

  it('weighs a rare token more than a common one', () => {
    const many = Array.from({ length: 200 }, (_, index) => ({
      id: `${index}`,
      tokens: ['kube', index === 7 ? 'payment' : 'other'],
    }));
    const common = {
      documents: 200,
      averageLength: 2,
      frequencies: new Map([
        ['kube', 200],
        ['other', 199],
        ['payment', 1],
      ]),
    };
    expect(rank(['kube', 'payment'], many, common)[0]?.document.id).toBe('7');
  });

  it('keeps the order of equally good documents', () => {
    const same = ['x', 'y', 'z'].map((id) => ({ id, tokens: ['a'] }));
    const known = { documents: 3, averageLength: 1, frequencies: new Map([['a', 3]]) };
    expect(rank(['a'], same, known).map(({ document: { id } }) => id)).toEqual(['x', 'y', 'z']);
  });

  it('asks for the rarest tokens that exist at all', () => {
    const known = {
      documents: 9,
      averageLength: 2,
      frequencies: new Map([
        ['a', 5],
        ['b', 1],
        ['c', 3],
        ['d', 0],
      ]),
    };
    expect(rarest(['a', 'b', 'b', 'c', 'd', 'e'], known, 2)).toEqual(['b', 'c']);
  });
});
