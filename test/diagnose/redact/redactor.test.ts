import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../../src/diagnose/redact/redactor.ts';
import {
  AWS_ID,
  fake,
  HARMLESS as FIRST_HARMLESS,
  PLANTED as FIRST,
  PLANTED_PERSONAL as FIRST_PERSONAL,
} from './corpus.ts';
import { MORE_HARMLESS } from './corpus-harmless.ts';
import { MORE_PERSONAL, MORE_PLANTED } from './corpus-more.ts';

const PLANTED = [...FIRST, ...MORE_PLANTED];
const PLANTED_PERSONAL = [...FIRST_PERSONAL, ...MORE_PERSONAL];
const HARMLESS = [...FIRST_HARMLESS, ...MORE_HARMLESS];

const redactor = createRedactor();
const leaks = (line: string, hidden: readonly string[]): readonly string[] => {
  const { text } = redactor.redact(line);
  return hidden.filter((value) => text.includes(value));
};

describe('redaction', () => {
  it('finds at least 95 in 100 of the planted secrets, in Chinese and in English lines', () => {
    const found = PLANTED.filter(({ line, hidden }) => leaks(line, hidden).length === 0);
    expect(PLANTED.length).toBeGreaterThanOrEqual(60);
    expect(found.length / PLANTED.length).toBeGreaterThanOrEqual(0.95);
  });

  it('has not come to miss one that it found', () => {
    expect(PLANTED.filter(({ line, hidden }) => leaks(line, hidden).length > 0)).toEqual([]);
  });

  it('finds personal data', () => {
    expect(PLANTED_PERSONAL.filter(({ line, hidden }) => leaks(line, hidden).length > 0)).toEqual([]);
  });

  it('leaves what only looks like it', () => {
    const touched = HARMLESS.filter((line) => redactor.redact(line).text !== line);
    expect(HARMLESS.length).toBeGreaterThanOrEqual(30);
    expect(touched).toEqual([]);
  });

  it('finds all of them in one long text, and says how many', () => {
    const { text, count } = redactor.redact(PLANTED.map(({ line }) => line).join('\n--\n'));
    expect(PLANTED.flatMap(({ hidden }) => hidden).filter((value) => text.includes(value))).toEqual([]);
    expect(count).toBeGreaterThanOrEqual(PLANTED.length);
  });

  it('keeps the words around a secret, as they were written', () => {
    expect(redactor.redact('订单服务：ｐａｓｓｗｏｒｄ＝abc123xyz，重试三次。')).toEqual({
      text: '订单服务：ｐａｓｓｗｏｒｄ＝⟦secret⟧，重试三次。',
      count: 1,
    });
    expect(redactor.redact('postgres://app:hunter22@db:5432/o').text).toBe('postgres://app:⟦secret⟧@db:5432/o');
  });

  it('does not take the next line for more of a secret when that one was not wrapped', () => {
    expect(redactor.redact(`key ${AWS_ID}\nworker7\ndone`).text).toBe('key ⟦secret⟧\nworker7\ndone');
    expect(redactor.redact(`key ${AWS_ID}\nworker-7b\ndone`).text).toBe('key ⟦secret⟧\nworker-7b\ndone');
    expect(redactor.redact(`token: ${fake(32)}\nERROR timeout`).text).toBe('token: ⟦secret⟧\nERROR timeout');
  });

  it('changes nothing in what it has been through', () => {
    const all = [...PLANTED, ...PLANTED_PERSONAL].map(({ line }) => redactor.redact(line).text);
    expect(all.filter((text) => redactor.redact(text).count > 0)).toEqual([]);
    expect(all.filter((text) => redactor.redact(text).text !== text)).toEqual([]);
  });

  it('never throws, whatever it is given', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.constantFrom(
        'password=',
        '"',
        '\\',
        '\n',
        '-----BEGIN PRIVATE KEY-----',
        '密码：',
        '\u200b',
        '⟦email-1⟧',
        '@',
        '://a:',
        'eyJ',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const request = redactor.openRequest();
        const { text } = request.redact(pieces.join(''));
        expect(request.restore(text).isWellFormed()).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe('secrets of our own configuration', () => {
  const own = createRedactor({
    secrets: ['correct horse battery', 'abc', 'p@ss/w"rd', `first-line-of-it-all\nsecond-line-of-it-all`],
  });

  it.each([
    'it is correct horse battery indeed',
    `it is ${encodeURIComponent('correct horse battery')} indeed`,
    `it is ${Buffer.from('correct horse battery').toString('base64')} indeed`,
    'it is ｃｏｒｒｅｃｔ　horse battery indeed',
    String.raw`it is p@ss/w\"rd indeed`,
    'it is second-line-of-it-all indeed',
  ])('are found in %s', (line) => {
    expect(own.redact(line)).toEqual({ text: 'it is ⟦secret⟧ indeed', count: 1 });
  });

  it('are not looked for when they are shorter than words', () => {
    expect(own.redact('abc').count).toBe(0);
  });
});

describe('the policy on data', () => {
  const line = `ann@example.com at 10.2.3.4 and node-7.prod.internal, password=${fake(9)}`;

  it('keeps secrets from leaving even when all else may', () => {
    expect(createRedactor({ policy: 'full' }).redact(line).text).toBe(
      'ann@example.com at 10.2.3.4 and node-7.prod.internal, password=⟦secret⟧',
    );
  });

  it('is to redact personal data when nothing is said', () => {
    expect(redactor.redact(line).text).toBe('⟦email⟧ at 10.2.3.4 and node-7.prod.internal, password=⟦secret⟧');
  });

  it('replaces machines when asked, and always where only metadata may leave', () => {
    const hidden = '⟦email⟧ at ⟦ip⟧ and ⟦host⟧, password=⟦secret⟧';
    expect(createRedactor({ hosts: true }).redact(line).text).toBe(hidden);
    expect(createRedactor({ policy: 'metadata_only' }).redact(line).text).toBe(hidden);
    expect(createRedactor({ policy: 'metadata_only', hosts: false }).redact(line).text).toBe(hidden);
  });

  it('knows machines of the usual kinds from times, files and versions', () => {
    const hosts = createRedactor({ hosts: true });
    const machines = [
      'http://grafana/d/1',
      'fe80::1ff:fe23:4567:890a',
      '2001:db8::1',
      'instance="db-1"',
      'orders.svc.cluster.local',
      '主机：web-03',
    ];
    expect(machines.filter((text) => hosts.redact(text).count === 0)).toEqual([]);
    const others = [
      'at 12:34:56',
      'main.go:42',
      'java.lang.NullPointerException',
      'v1.2.3',
      '999.1.1.1',
      'std::vector',
    ];
    expect(others.filter((text) => hosts.redact(text).count > 0)).toEqual([]);
  });
});

describe('what comes back from a model', () => {
  it('has its people again, each their own, and never a secret', () => {
    const request = redactor.openRequest();
    const sent = request.redact(`ann@example.com, bob@example.com, ann@example.com, password=${fake(9)}`).text;
    expect(sent).toBe('⟦email-1⟧, ⟦email-2⟧, ⟦email-1⟧, password=⟦secret⟧');
    expect(request.restore('⟦email-2⟧ broke it, not ⟦ email-1 ⟧; ⟦secret⟧ ⟦email-9⟧ ⟦secret-1⟧')).toBe(
      'bob@example.com broke it, not ann@example.com; ⟦secret⟧ ⟦email-9⟧ ⟦secret-1⟧',
    );
  });

  it('has nobody of another request', () => {
    redactor.openRequest().redact('ann@example.com');
    expect(redactor.openRequest().restore('⟦email-1⟧')).toBe('⟦email-1⟧');
  });

  it('cannot be made to name somebody by text that looks like a placeholder', () => {
    const request = redactor.openRequest();
    const sent = request.redact('repeat ⟦email-1⟧ and ⟦\u200bemail-1⟧! ann@example.com').text;
    expect(sent).toBe('repeat [email-1] and [email-1]! ⟦email-1⟧');
  });
});

describe('a secret of ours in the dress of what carries it', () => {
  const ours = ['Sup3r"Secr\\et/Value1', '密钥-abc-12345'];
  const json = (text: string): string => JSON.stringify(text).slice(1, -1);
  const [first = '', second = ''] = ours;
  it.each([
    ['JSON', json(first)],
    ['JSON in JSON', json(json(first))],
    ['JSON with its slashes escaped', json(first).replaceAll('/', String.raw`\/`)],
    ['JSON in ASCII', String.raw`\u5bc6\u94a5-abc-12345`],
    ['an address', encodeURIComponent(first).replace('%5C', '%5c').replace('%2F', '%2f')],
    ['an address in Chinese', encodeURIComponent(second)],
    ['HTML', first.replace('"', '&quot;')],
    ['base64 for addresses', Buffer.from(second).toString('base64url')],
  ])('is found in %s', (_, text) => {
    expect(createRedactor({ secrets: ours, policy: 'full' }).redact(`a ${text} b`).text).toBe('a ⟦secret⟧ b');
  });

  it.each(['**Password**: hunter22', 'password: |\n  hunter22', 'password: >-\n  hunter22'])(
    'is found in %j',
    (text) => {
      expect(createRedactor({ policy: 'full' }).redact(text).text).not.toContain('hunter22');
    },
  );
});
