import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { needsNewCard, decideRinging } from '../../src/delivery/attention.ts';
import { backoffMs, probeDelayMs } from '../../src/delivery/backoff.ts';
import { RANKS, pickFirst } from '../../src/delivery/ordering.ts';
import { fullBucket, pacingOf, refill, take, untilToken } from '../../src/delivery/pacing.ts';
import { mayEditAt, restraintCutoffs } from '../../src/delivery/restraint.ts';
import { type Rendered, decideStep } from '../../src/delivery/step.ts';
import { decideFolding, decideWeather, releaseBudget } from '../../src/delivery/storm.ts';
import type { Placement } from '../../src/delivery/placement.ts';

const MINUTE = 60_000;
const NOW = 1_800_000_000_000;

describe('pacing', () => {
  const pacing = { perMinute: 60, burst: 3, concurrency: 2 };

  it('lets a burst through and then one call for each share of a minute', () => {
    const empty = take(fullBucket(pacing, NOW), 3);
    expect(untilToken(empty, pacing)).toBe(1000);
    expect(refill(empty, pacing, NOW + 2000).tokens).toBe(2);
    expect(refill(empty, pacing, NOW + 60_000).tokens).toBe(3);
  });

  it('survives a clock that jumps back', () => {
    expect(refill(take(fullBucket(pacing, NOW), 3), pacing, NOW - MINUTE).tokens).toBe(0);
  });

  it('takes a target’s own numbers and ignores nonsense', () => {
    expect(pacingOf(pacing, { perMinute: 5, burst: -1, concurrency: 'many' })).toEqual({
      perMinute: 5,
      burst: 3,
      concurrency: 2,
    });
  });

  it('never lets more through in any minute than the burst and the rate allow', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 50, maxLength: 300 }), (gaps) => {
        let bucket = fullBucket(pacing, NOW);
        let now = NOW;
        let calls = 0;
        for (const gap of gaps) {
          now += gap;
          bucket = refill(bucket, pacing, now);
          if (bucket.tokens < 1) continue;
          bucket = take(bucket, 1);
          calls += 1;
        }
        expect(calls).toBeLessThanOrEqual(pacing.burst + Math.ceil((now - NOW) / 1000));
      }),
    );
  });
});

describe('backoff', () => {
  it('spreads over the whole delay and never exceeds a minute', () => {
    expect(backoffMs(1, () => 0.999)).toBe(1998);
    expect(backoffMs(500, () => 0.999)).toBe(59_940);
    expect(backoffMs(3, () => 0)).toBe(200);
  });

  it('probes a dead target more and more seldom', () => {
    expect([0, 1, 2, 20].map(probeDelayMs)).toEqual([MINUTE, 2 * MINUTE, 4 * MINUTE, 30 * MINUTE]);
  });
});

describe('restraint', () => {
  const shown = { shownRevision: 3, urgentRevision: 1, firstShownAt: NOW - MINUTE, shownAt: NOW - 2000 };

  it('waits 5 s while the card is young and 60 s after', () => {
    expect(mayEditAt(shown, NOW)).toBe(NOW + 3000);
    expect(mayEditAt({ ...shown, firstShownAt: NOW - 6 * MINUTE }, NOW)).toBe(NOW + 58_000);
  });

  it('holds back neither a first show nor what is urgent', () => {
    expect(mayEditAt({ shownRevision: 0, urgentRevision: 0 }, NOW)).toBe(0);
    expect(mayEditAt({ ...shown, urgentRevision: 4 }, NOW)).toBe(0);
  });

  it('says the same as the instants that the query compares', () => {
    const ages = fc.integer({ min: 0, max: 20 * MINUTE });
    fc.assert(
      fc.property(ages, ages, (first, last) => {
        const placement = { ...shown, firstShownAt: NOW - first, shownAt: NOW - Math.min(first, last) };
        const cut = restraintCutoffs(NOW);
        const byQuery =
          placement.shownAt <= cut.oldShownBy ||
          (placement.firstShownAt > cut.youngSince && placement.shownAt <= cut.youngShownBy);
        expect(byQuery).toBe(mayEditAt(placement, NOW) <= NOW);
      }),
    );
  });
});

describe('ordering', () => {
  it('puts answers before first cards, those by severity and age, and reports last', () => {
    const work = [
      { name: 'report', rank: RANKS.report, severity: 0, since: 0 },
      { name: 'cosmetic', rank: RANKS.cosmetic, severity: 0, since: 0 },
      { name: 'warning', rank: RANKS.firstCard, severity: 1, since: 1 },
      { name: 'late critical', rank: RANKS.firstCard, severity: 0, since: 9 },
      { name: 'critical', rank: RANKS.firstCard, severity: 0, since: 5 },
      { name: 'attention', rank: RANKS.attention, severity: 0, since: 0 },
      { name: 'change', rank: RANKS.change, severity: 0, since: 0 },
      { name: 'answer', rank: RANKS.answer, severity: 0, since: 99 },
    ];
    const order = ['answer', 'critical', 'late critical', 'warning', 'attention', 'change', 'cosmetic', 'report'];
    expect(pickFirst(work, 8).map(({ name }) => name)).toEqual(order);
    expect(pickFirst(work, -1)).toEqual([]);
  });
});

describe('a storm', () => {
  const waiting = (count: number, critical = 0) =>
    Array.from({ length: count }, (_, at) => ({ subjectId: `I${at}`, critical: at < critical }));
  const calm = { perMinute: 5, storming: false, recent: { critical: 0, other: 0 } };

  it('does not start at its rate, only beyond', () => {
    expect(decideFolding({ ...calm, waiting: waiting(5) })).toEqual([]);
    expect(decideFolding({ ...calm, waiting: waiting(7) })).toEqual(['I5', 'I6']);
    expect(decideFolding({ ...calm, recent: { critical: 1, other: 4 }, waiting: waiting(1) })).toEqual(['I0']);
  });

  it('while it lasts leaves a card to criticals alone, up to the same rate', () => {
    const folded = decideFolding({
      ...calm,
      storming: true,
      recent: { critical: 3, other: 9 },
      waiting: waiting(4, 3),
    });
    expect(folded).toEqual(['I2', 'I3']);
  });

  it('ends after five minutes under half its rate, counted anew after every gust', () => {
    expect(decideWeather({ perMinute: 20, lastMinute: 9 }, NOW)).toEqual({ calmSince: NOW, ended: false });
    expect(decideWeather({ perMinute: 20, lastMinute: 9, calmSince: NOW - 5 * MINUTE }, NOW).ended).toBe(true);
    expect(decideWeather({ perMinute: 20, lastMinute: 10, calmSince: NOW - 9 * MINUTE }, NOW)).toEqual({
      calmSince: undefined,
      ended: false,
    });
  });

  it('lets its members out at half the rate, at least one', () => {
    expect([releaseBudget(20, 0), releaseBudget(20, 8), releaseBudget(20, 12), releaseBudget(1, 0)]).toEqual([
      10, 2, 0, 1,
    ]);
  });
});

const PLACEMENT: Placement = {
  subjectId: 'INC-1',
  targetId: 't',
  kind: 'incident',
  priority: 1,
  createdAt: NOW,
  wantedRevision: 2,
  shownRevision: 1,
  urgentRevision: 2,
  attempts: 0,
  rung: 1,
  generation: 0,
  abandoned: false,
  messageKey: 'k',
  previous: { ref: 'm1' },
  shownHash: 'same',
  shownAt: NOW,
  firstShownAt: NOW,
};

describe('the next step of a placement', () => {
  const news = { hash: 'new', changes: ['acknowledged'], ring: 1 } as const;
  const editing = { editing: {} };
  const { previous: _none, ...unshown } = PLACEMENT;

  it('repeats what was left pending before anything else', () => {
    expect(decideStep({ ...unshown, pendingPayload: '{}' }, news, editing, NOW).kind).toBe('repeat');
  });

  it('posts what was never shown, edits what was, records what looks the same', () => {
    expect(decideStep(unshown, news, editing, NOW).kind).toBe('post');
    expect(decideStep(PLACEMENT, news, editing, NOW).kind).toBe('edit');
    expect(decideStep(PLACEMENT, { ...news, hash: 'same' }, editing, NOW).kind).toBe('record');
  });

  it('edits even what looks the same after a worker vanished', () => {
    expect(decideStep({ ...PLACEMENT, abandoned: true }, { ...news, hash: 'same' }, editing, NOW).kind).toBe('edit');
  });

  it('waits for restraint', () => {
    const step = decideStep({ ...PLACEMENT, urgentRevision: 0 }, news, editing, NOW);
    expect(step).toEqual({ kind: 'wait', until: NOW + 5000 });
  });

  it('issues anew what can no longer be edited, if there is news', () => {
    const old = { ...PLACEMENT, previous: { ref: 'm1', editableUntil: NOW } };
    expect(decideStep(old, news, editing, NOW).kind).toBe('reissue');
    expect(decideStep(old, { ...news, changes: ['other'] }, editing, NOW).kind).toBe('record');
    expect(decideStep({ ...PLACEMENT, previous: { ref: 'm1', editsLeft: 0 } }, news, editing, NOW).kind).toBe(
      'reissue',
    );
  });

  it('is no edit without news while calls are scarce, unless the card may be false or people are to be called', () => {
    const other = { ...news, changes: ['other'] } as const;
    const scarce = { ...editing, thrifty: () => true };
    const { shownHash: _unknown, ...doubtful } = PLACEMENT;
    const kind = (placement: Placement, rendered: Rendered) => decideStep(placement, rendered, scarce, NOW).kind;
    expect(kind(PLACEMENT, other)).toBe('record');
    expect(decideStep(PLACEMENT, other, { ...editing, thrifty: () => false }, NOW).kind).toBe('edit');
    expect(kind(PLACEMENT, news)).toBe('edit');
    expect(kind(PLACEMENT, { ...other, ring: 2 })).toBe('edit');
    expect(kind(doubtful, other)).toBe('edit');
    expect(kind({ ...PLACEMENT, abandoned: true }, other)).toBe('edit');
    expect(kind({ ...PLACEMENT, kind: 'storm' }, other)).toBe('edit');
    expect(kind(unshown, other)).toBe('post');
  });

  it('posts only news where nothing can be edited', () => {
    expect(decideStep(PLACEMENT, news, {}, NOW).kind).toBe('post');
    expect(decideStep(PLACEMENT, { ...news, changes: ['other'] }, {}, NOW).kind).toBe('record');
  });
});

describe('attention', () => {
  const warning = { severity: 'warning', status: 'open' } as const;
  const critical = { severity: 'critical', status: 'open' } as const;
  const { firstShownAt: _first, ...first } = PLACEMENT;

  it('is nothing when nothing raised it', () => {
    expect(decideRinging(PLACEMENT, warning, { ring: 1, posted: false }, 0, NOW).kind).toBe('none');
  });

  it('is the first card itself, unless somebody is to be called by name for a critical one', () => {
    expect(decideRinging({ ...first, rung: 0 }, warning, { ring: 1, posted: true }, 2, NOW).kind).toBe('card');
    expect(decideRinging({ ...first, rung: 0 }, critical, { ring: 1, posted: true }, 2, NOW).kind).toBe('announce');
    expect(decideRinging({ ...first, rung: 0 }, critical, { ring: 1, posted: true }, 0, NOW).kind).toBe('card');
  });

  it('keeps five minutes between announcements, critical excepted', () => {
    const rung = { ...PLACEMENT, rungAt: NOW - MINUTE };
    const due = { ring: 2, posted: false };
    expect(decideRinging(rung, warning, due, 0, NOW)).toEqual({ kind: 'announce', notBefore: NOW + 4 * MINUTE });
    expect(decideRinging(rung, critical, due, 0, NOW)).toEqual({ kind: 'announce', notBefore: NOW });
  });

  it('takes a new card without threads, after a day and beyond the edit window', () => {
    const after = { ref: 'm1', generation: 0, parked: false, postedAt: NOW - MINUTE };
    const threads = { threads: true, editing: {} } as const;
    expect(needsNewCard(after, threads, NOW)).toBe(false);
    expect(needsNewCard(after, { editing: {} }, NOW)).toBe(true);
    expect(needsNewCard({ ...after, postedAt: NOW - 1441 * MINUTE }, threads, NOW)).toBe(true);
    expect(needsNewCard({ ...after, editableUntil: NOW }, threads, NOW)).toBe(true);
    expect(needsNewCard(undefined, threads, NOW)).toBe(false);
  });
});
