import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { announcement } from '../../../src/cards/announcement.ts';
import { incidentCard } from '../../../src/cards/incident-card.ts';
import { incidentListCard } from '../../../src/cards/list-cards.ts';
import { stormCard } from '../../../src/cards/storm-card.ts';
import { whyCard } from '../../../src/cards/why-card.ts';
import { drawCard } from '../../../src/channels/lark/card/draw.ts';
import { larkCard } from '../../../src/channels/lark/card/lark-card.ts';
import { HOOK_TARGET_BYTES, MAX_BYTES } from '../../../src/channels/lark/card/limits.ts';
import { jsonBytes, taggedIn } from '../../../src/channels/lark/card/tagged.ts';
import { validateLarkCard } from '../../../src/channels/lark/card/validate.ts';
import { problemsOfCard } from '../../simulators/lark/card/card.ts';
import { EN, OPENED, ZH, storm } from '../../cards/sample.ts';
import { OPEN_ID, cardOf, cards, hostile, styled, views } from './card-samples.ts';

const SIZE = /^card has \d+ (?:bytes|elements|charts)/u;
const contexts = fc.constantFrom(
  { locale: 'zh-CN' as const },
  { locale: 'en-US' as const, mentions: false, timezone: 'Asia/Shanghai', publicUrl: 'https://zhiban.example/' },
  { locale: 'en-US' as const, callbacks: false, maxBytes: HOOK_TARGET_BYTES },
);

/** Every markdown of a card. */
const markdownOf = (card: unknown): readonly string[] =>
  taggedIn(card).flatMap(({ tag, element }) => (tag === 'markdown' ? [String(element['content'])] : []));

/** What is left of markdown when our own marks, entities and harmless code are taken away: nothing that means anything. */
const bare = (markdown: string): string =>
  markdown
    .replaceAll(/`(?!`)[^`<&\\\n]+`/gu, '')
    .replaceAll(/<\/?font(?: color='grey')?>/gu, '')
    .replaceAll('&nbsp;', ' ')
    .replaceAll(/&#\d{2,3};/gu, 'e')
    .replaceAll(/(^|\s|>)(\*\*|~~)(?=\S)([^*~\n]*?)\2(?=$|\s|<)/gmu, '$1$3');

describe('any neutral card', () => {
  it('becomes a card that the platform takes, whatever is in it and whatever its size', () => {
    fc.assert(
      fc.property(cards, contexts, (card, context) => {
        const made = larkCard(card, context);
        expect(validateLarkCard(made, context.maxBytes)).toEqual([]);
        expect(jsonBytes(made)).toBeLessThanOrEqual(MAX_BYTES);
        expect(validateLarkCard(JSON.parse(JSON.stringify(made)))).toEqual([]);
        expect(problemsOfCard(made, { isPerson: (id) => id === OPEN_ID, atAllAllowed: false })).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it('is drawn without any fault but its size', () => {
    fc.assert(
      fc.property(cards, (card) => {
        const problems = validateLarkCard(drawCard(card, {}));
        expect(problems.filter((problem) => !SIZE.test(problem))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it('is drawn equal for an equal card', () => {
    fc.assert(
      fc.property(cards, (card) => {
        expect(larkCard(structuredClone(card), { locale: 'zh-CN' })).toEqual(larkCard(card, { locale: 'zh-CN' }));
      }),
      { numRuns: 30 },
    );
  });
});

describe('text of strangers on a card', () => {
  it('notifies nobody and formats nothing in an incident card', () => {
    fc.assert(
      fc.property(views, fc.constantFrom(ZH, EN), (view, context) => {
        const made = larkCard(incidentCard(view, context), { locale: context.locale });
        expect(validateLarkCard(made)).toEqual([]);
        expect(
          markdownOf(made).filter((markdown) => /<(?!\/?font)|[<>*_~`[\]#!|$@:\\]/u.test(bareOfList(markdown))),
        ).toEqual([]);
        const texts = taggedIn(made).map(({ tag }) => tag);
        expect(texts).not.toContain('lark_md');
      }),
      { numRuns: 150 },
    );
  });

  it('notifies nobody in storms, lists, why and announcements', () => {
    fc.assert(
      fc.property(fc.array(views, { maxLength: 3 }), hostile, (all, text) => {
        const listed = all.map(({ incident }) => incident);
        const attempt = { at: OPENED, target: text, verb: text, outcome: text, latencyMs: 1, error: text };
        const made = [
          stormCard(storm({ listed }), ZH),
          incidentListCard(listed, EN),
          ...all.map(({ incident, timeline }) => whyCard({ incident, places: [], attempts: [attempt], timeline }, ZH)),
          ...listed.map((incident) =>
            cardOf({ kind: 'text', text: announcement({ incident, reason: 'assigned', mentions: [] }, EN) }),
          ),
        ].map((card) => larkCard(card, { locale: 'zh-CN' }));
        expect(made.flatMap((card) => validateLarkCard(card))).toEqual([]);
        expect(made.flatMap(markdownOf).filter((markdown) => /<(?!\/?font)/u.test(bareOfList(markdown)))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('means nothing wherever it stands in a line and whatever its style', () => {
    fc.assert(
      fc.property(styled, (rich) => {
        const [markdown = ''] = markdownOf(drawCard(cardOf({ kind: 'text', text: rich }), {}));
        expect(bare(markdown)).not.toMatch(/[<>*_~`[\]#!|$@:\\]/u);
        expect(markdown).not.toMatch(/^(?:[^\S\n]|[-=+]|\d+[.)](?:\s|$))/mu);
      }),
      { numRuns: 500 },
    );
  });

  it('reads exactly as it was written', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const [markdown = ''] = markdownOf(drawCard(cardOf({ kind: 'text', text: [{ text }] }), {}));
        expect(squashed(decoded(markdown))).toBe(squashed(text.toWellFormed()));
      }),
    );
  });
});

/** Without the marks that our own lists begin their lines with. */
const bareOfList = (markdown: string): string => bare(markdown.replaceAll(/^(?:- |\d+\. )/gmu, ''));

/** What a reader sees of markdown that has no marks. */
const decoded = (markdown: string): string =>
  markdown
    .replaceAll('&nbsp;', ' ')
    .replaceAll(/&#(\d+);/gu, (_entity, code: string) => String.fromCodePoint(Number(code)));

const squashed = (text: string): string => text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
