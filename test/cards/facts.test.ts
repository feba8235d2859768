import { describe, expect, it } from 'vitest';
import { cardHash } from '../../src/cards/card-hash.ts';
import { changesBetween, factsOf } from '../../src/cards/facts.ts';
import { incidentCard } from '../../src/cards/incident-card.ts';
import type { ShownFacts } from '../../src/cards/view.ts';
import { EN, ZH, diagnosis, incident, view } from './sample.ts';

const before: ShownFacts = { status: 'open', severity: 'warning', diagnosis: '', ring: 1 };

describe('what changed since the last showing', () => {
  it('is that it opened when nothing was shown', () => {
    expect(changesBetween(undefined, before)).toEqual(['opened']);
  });

  it.each([
    [{ severity: 'critical' }, ['severity_up']],
    [{ severity: 'info' }, ['other']],
    [{ status: 'acknowledged' }, ['acknowledged']],
    [{ status: 'resolved' }, ['resolved']],
    [{ diagnosis: 'd1:pending' }, ['other']],
    [{ diagnosis: 'd1:ready' }, ['diagnosis_ready']],
    [{ diagnosis: 'd1:confirmed' }, ['other']],
    [
      { status: 'resolved', severity: 'critical', diagnosis: 'd1:ready' },
      ['severity_up', 'diagnosis_ready', 'resolved'],
    ],
    [{}, ['other']],
  ] as const)('%o means %o', (next, changes) => {
    expect(changesBetween(before, { ...before, ...next })).toEqual(changes);
  });

  it('names a reopening before the acknowledgement that followed it', () => {
    const resolved: ShownFacts = { ...before, status: 'resolved' };
    expect(changesBetween(resolved, { ...before, status: 'acknowledged' })).toEqual(['reopened', 'acknowledged']);
  });

  it('is read from the view, and survives being stored', () => {
    const facts = factsOf(view({ diagnosis: diagnosis() }));
    expect(facts).toEqual({ status: 'open', severity: 'critical', diagnosis: 'diag-1:ready', ring: 1 });
    expect(JSON.parse(JSON.stringify(facts))).toEqual(facts);
  });
});

describe('the hash of a card', () => {
  it('is the same for the same card, also after being stored, whatever the order of keys', () => {
    const card = incidentCard(view({ diagnosis: diagnosis() }), ZH);
    const reversed = Object.fromEntries(Object.entries(card).toReversed());
    expect(cardHash(reversed as typeof card)).toBe(cardHash(card));
    expect(cardHash(JSON.parse(JSON.stringify(card)))).toBe(cardHash(card));
  });

  it('differs for any difference a reader or a press could notice', () => {
    const card = incidentCard(view(), ZH);
    const others = [incidentCard(view(), EN), incidentCard(view({ incident: incident({ revision: 8 }) }), ZH)];
    expect(new Set([card, ...others].map(cardHash)).size).toBe(3);
  });
});
