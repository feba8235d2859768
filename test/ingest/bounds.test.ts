import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SOURCES } from '../../src/ingest/detect.ts';
import { fingerprintOf } from '../../src/ingest/fingerprint.ts';
import { linkOf } from '../../src/ingest/links.ts';
import { parsePastedAlert } from '../../src/ingest/paste.ts';
import { timeOf } from '../../src/ingest/time.ts';
import { workedFor } from '../support/worked.ts';
import { FIXTURES, CONTEXT, fixture, ingested, only } from './fixtures.ts';

const one = (labels: object, annotations: object = {}) => ({
  version: '4',
  alerts: [{ status: 'firing', labels, annotations }],
});

/** JSON as it arrives, `__proto__` and `constructor` among its keys. */
const anyJson = fc.json({ maxDepth: 6 }).map((text): unknown => JSON.parse(text));
const evilKey = fc.constantFrom(
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'labels',
  'alerts',
  'status',
  'state',
  'message',
  'sender_id',
);
const evilJson = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom(null, true, 0, '', 'firing', 'resolved', '\u0000', '\ud800', 1e308),
    fc.string(),
    fc.array(tie('value'), { maxLength: 5 }),
    fc
      .array(fc.tuple(fc.oneof(evilKey, fc.string()), tie('value')), { maxLength: 6 })
      .map((entries) =>
        JSON.parse(`{${entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',')}}`),
      ),
  ),
})).value;

describe('any JSON', () => {
  it.each(SOURCES)('is read by $name without a throw and without touching a prototype', (source) => {
    fc.assert(
      fc.property(fc.oneof(anyJson, evilJson), (body) => {
        const { alerts, ignored } = ingested(body, { source });
        for (const { title, fingerprint, labels } of alerts) {
          expect(title).not.toBe('');
          expect(fingerprint).not.toBe('');
          expect(Object.getPrototypeOf(labels)).toBeNull();
        }
        for (const { reason } of ignored) expect(reason).not.toBe('');
        expect(Object.keys(Object.prototype)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('is detected without a throw', () => {
    fc.assert(
      fc.property(fc.oneof(anyJson, evilJson), (body) => {
        expect(ingested(body).source.name).not.toBe('');
      }),
      { numRuns: 500 },
    );
  });

  const unresolved = FIXTURES.filter((name) => !/"(?:resolved|ok)"|"endsAt"/.test(JSON.stringify(fixture(name))));

  it.each(unresolved)('made from %s by spoiling one field never resolves what the body did not resolve', (name) => {
    const body = fixture(name);
    fc.assert(
      fc.property(fc.nat(60), fc.constantFrom(null, '', 0, [], {}, 'x', undefined), (at, value) => {
        let index = 0;
        const spoil = (_key: string, item: unknown): unknown => ((index += 1) === at ? value : item);
        const spoiled: unknown = JSON.parse(JSON.stringify(body, spoil) ?? 'null');
        expect(ingested(spoiled).alerts.map(({ status }) => status)).not.toContain('resolved');
      }),
      { numRuns: 200 },
    );
  });

  it('keeps a label named __proto__ as a label', () => {
    const body: unknown = JSON.parse(
      '{"version":"4","alerts":[{"status":"firing","labels":{"alertname":"A","__proto__":"evil"}}]}',
    );
    expect(Object.entries(only(body).labels)).toContainEqual(['__proto__', 'evil']);
    expect(({} as Record<string, unknown>)['evil']).toBeUndefined();
  });
});

describe('a body of one megabyte', () => {
  const MB = 1024 ** 2;
  const deep = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
  const bodies: Record<string, string> = {
    'one long text': JSON.stringify({ message: 'x'.repeat(MB), sender_id: 'a' }),
    'a long label': JSON.stringify(one({ alertname: '\u202e'.repeat(MB / 3) })),
    'many labels': JSON.stringify(one(Object.fromEntries(Array.from({ length: 70_000 }, (_, n) => [`key${n}`, n])))),
    'many alerts': JSON.stringify({
      version: '4',
      alerts: Array.from({ length: 9000 }, (_, n) => ({
        status: 'firing',
        labels: { alertname: `A${n}`, host: 'web', severity: 'critical' },
      })),
    }),
    'many empty items': `{"version":"4","alerts":[${'{},'.repeat(300_000)}{}]}`,
    'deep lists': deep(MB / 2),
    'deep in an unknown object': `{"a":${deep(MB / 2 - 10)}}`,
    'many unknown keys': JSON.stringify(Object.fromEntries(Array.from({ length: 70_000 }, (_, n) => [`key${n}`, n]))),
    'many colons': JSON.stringify({ message: '级别:'.repeat(100_000), sender_id: 'a' }),
    'many lines': JSON.stringify({ message: '\n: '.repeat(200_000), sender_id: 'a' }),
    'spaces in a line': JSON.stringify({ message: `a${' '.repeat(MB)}`, sender_id: 'a' }),
  };
  it.each(Object.keys(bodies))('of %s takes at most 50 ms', (name) => {
    const body: unknown = JSON.parse(bodies[name] ?? '');
    // The code is cold at first; an exponential pattern stays slow.
    ingested(body);
    expect(workedFor(() => ingested(body))).toBeLessThan(50);
  });
});

describe('limits', () => {
  it('reads the first 5,000 alerts and says so about the rest', () => {
    const { alerts, ignored } = ingested(Array.from({ length: 5002 }, (_, n) => ({ labels: { alertname: `A${n}` } })));
    expect(alerts).toHaveLength(5000);
    expect(ignored).toMatchObject([{ index: 5000, malformed: true }]);
  });

  it('keeps 64 labels, cuts long values with a mark', () => {
    const many = Object.fromEntries(Array.from({ length: 80 }, (_, n) => [`l${n}`, 'v']));
    expect(Object.keys(only(one({ alertname: 'A', ...many })).labels)).toHaveLength(64);
    const { labels, annotations } = only(one({ alertname: 'A', long: 'x'.repeat(5000) }, { long: 'y'.repeat(40_000) }));
    expect(labels['long']).toHaveLength(4096);
    expect(labels['long']?.endsWith('… [cut]')).toBe(true);
    expect(annotations['long']).toHaveLength(32_768);
  });

  it('removes NUL, lone surrogates, control and bidi characters', () => {
    const alert = only(one({ alertname: 'a\u0000b\ud800c\u202ed\u001be' }, { summary: 'x\u0000\ny\udfff😀' }));
    expect(alert).toMatchObject({ title: 'abcde', summary: 'x\ny😀', labels: { alertname: 'abcde' } });
    expect(only({ message: 'a\u0000\n服务: b\u202ec', sender_id: 's' }).labels['service']).toBe('bc');
  });

  it('keeps long fingerprints apart', () => {
    const print = (end: string) =>
      only({ version: '4', alerts: [{ labels: { a: 'b' }, fingerprint: 'x'.repeat(300) + end }] }).fingerprint;
    expect(print('1')).not.toBe(print('2'));
  });
});

describe('fingerprints', () => {
  it('match the published FNV-1a vectors and Alertmanager’s', () => {
    expect(fingerprintOf({})).toBe('cbf29ce484222325');
    expect(fingerprintOf({ alertname: 'X' })).toBe('d2aeefc389ca7746');
  });

  it('equal a plain BigInt implementation for any labels, in any order', () => {
    const reference = (labels: Record<string, string>): string => {
      let sum = 0xcbf29ce484222325n;
      const bytes = Object.keys(labels)
        .toSorted()
        .filter((name) => labels[name] !== '')
        .flatMap((name) => [...Buffer.from(name), 255, ...Buffer.from(labels[name] ?? ''), 255]);
      for (const byte of bytes) sum = ((sum ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn;
      return sum.toString(16).padStart(16, '0');
    };
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' })), (labels) => {
        expect(fingerprintOf(labels)).toBe(reference(labels));
        expect(fingerprintOf(Object.fromEntries(Object.entries(labels).toReversed()))).toBe(reference(labels));
      }),
    );
  });
});

describe('links', () => {
  it.each([['javascript:alert(1)'], ['data:text/html,x'], ['ftp://a/b'], ['?orgId=1'], ['//'], ['']])(
    'refuses %s',
    (url) => {
      expect(linkOf('other', url)).toBeUndefined();
    },
  );

  it('drops credentials', () => {
    expect(linkOf('other', 'https://user:pass@example.com/x')?.url).toBe('https://example.com/x');
  });
});

describe('times', () => {
  it.each([
    ['2026-11-22T00:54:44.372177257Z', Date.parse('2026-11-22T00:54:44.372Z')],
    [1_795_309_200, 1_795_309_200_000],
    ['1795309200000', 1_795_309_200_000],
    ['0001-01-01T00:00:00Z', undefined],
    ['1970-01-01T00:00:00Z', undefined],
    [0, undefined],
    ['soon', undefined],
    [null, undefined],
    [1e30, undefined],
    [Number.NaN, undefined],
  ])('reads %s', (value, time) => {
    expect(timeOf(value)).toBe(time);
  });
});

describe('a pasted alert', () => {
  it('is any known JSON, also in a fence', () => {
    const text = `\`\`\`json\n${JSON.stringify(fixture('alertmanager-single.json'))}\n\`\`\``;
    expect(parsePastedAlert(text, 'playground:alice', CONTEXT).alerts).toMatchObject([
      { source: 'alertmanager', title: 'DiskFull' },
    ]);
  });

  it('is else free text, whoever is listed in ALERT_BOT_IDS', () => {
    const { alerts } = parsePastedAlert('支付失败\n服务：pay\n级别： 警告', 'playground:alice', {
      ...CONTEXT,
      botIds: ['bot'],
    });
    expect(alerts).toMatchObject([
      { source: 'custom', title: '支付失败', severity: 'warning', labels: { service: 'pay' } },
    ]);
  });

  it('of nothing makes nothing', () => {
    expect(parsePastedAlert('  ', 'x', CONTEXT)).toMatchObject({ alerts: [], ignored: [{ malformed: true }] });
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(parsePastedAlert(text, 'x', CONTEXT).source.name).not.toBe('');
      }),
    );
  });
});
