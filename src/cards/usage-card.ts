import { formatAmount, formatCount, formatMoney } from './amounts.ts';
import { answerCard } from './answer-card.ts';
import type { Block, Card, Rich, Tone } from './card.ts';
import { dotted, line, piece } from './rich.ts';
import { type UsageTexts, usageTexts } from './texts/usage.ts';
import { formatNear } from './time.ts';
import type { Band, Standing, UsageRow, UsageView } from './usage.ts';
import type { CardContext } from './view.ts';

const MOST_LISTED = 12;

/** What models were used for in the last 24 hours, by whom, and how that stands against what is allowed. */
export function usageCard(view: UsageView, context: CardContext): Card {
  const t = usageTexts(context.locale);
  const { providers, people, own, quotas, currency } = view;
  const rows = (listed: readonly UsageRow[]) => listed.slice(0, MOST_LISTED).map((row) => usageLine(row, currency, t));
  const blocks: readonly Block[] = [
    ...section(t.heads.budget, budgetLines(view, context)),
    ...(providers.length === 0 ? [{ kind: 'text', text: line(t.nothing) } as const] : []),
    ...section(t.heads.providers, rows(providers)),
    ...section(
      t.heads.quotas,
      quotas.slice(0, MOST_LISTED).map((one) => standingLine(one, view.to, context)),
    ),
    ...section(t.heads.own, own === undefined ? [] : rows([own])),
    ...section(t.heads.people, rows(people), true),
    ...hints(view, t).map((text): Block => ({ kind: 'note', text: line(text) })),
  ];
  return answerCard({ title: t.title, tone: toneOf(view), blocks, footer: context.timezone }, context);
}

const section = (title: string, items: readonly Rich[], ordered = false): readonly Block[] =>
  items.length === 0
    ? []
    : [
        { kind: 'text', text: line(title, 'bold') },
        { kind: 'list', ordered, items },
      ];

/** The worst of all limits shown. */
function toneOf({ budget, quotas }: UsageView): Tone {
  const bands = new Set([...quotas.map(({ band }) => band), ...(budget === undefined ? [] : [budget.band])]);
  return bands.has('red') ? 'critical' : bands.has('yellow') ? 'warning' : 'neutral';
}

function budgetLines({ budget, currency, to }: UsageView, { locale, timezone }: CardContext): readonly Rich[] {
  if (budget === undefined) return [];
  const t = usageTexts(locale);
  const { spent, amount, band, renewsAt } = budget;
  const left = Math.max(0, amount - spent);
  return [
    dotted(
      line(bandWords(band, left, t), 'bold'),
      line(t.of(formatMoney(spent, currency), formatMoney(amount, currency))),
      line(t.left(formatMoney(left, currency))),
      line(t.renews(formatNear(renewsAt, to, timezone)), 'muted'),
    ),
  ];
}

/** A sign and a word: nobody has to tell colours apart. */
export const bandWords = (band: Band, left: number, t: UsageTexts): string => t.band[left <= 0 ? 'spent' : band];

/** `openai · 12 calls · 1 failed · 34,567 tokens · USD 0.12 · 2.3 s on average`. */
export const usageLine = (row: UsageRow, currency: string, t: UsageTexts): Rich =>
  dotted(
    [piece(row.name, 'bold', 80)],
    line(t.calls(formatCount(row.calls))),
    row.failures === 0 ? [] : line(t.failures(formatCount(row.failures))),
    line(t.tokens(formatCount(row.tokensIn + row.tokensOut))),
    row.cost === 0 && row.uncounted > 0 ? [] : line(formatMoney(row.cost, currency)),
    line(t.mean((row.meanMs / 1000).toFixed(1)), 'muted'),
  );

/** How somebody stands against a quota: band, whose, which period, used, left, until when. */
function standingLine(standing: Standing, now: number, { locale, timezone }: CardContext): Rich {
  const t = usageTexts(locale);
  const { band, left, name, period, measure, used, amount, currency, renewsAt } = standing;
  const words = (n: number): string => formatAmount(n, measure, currency, t);
  // The unit is said once; money is nothing without it.
  const bare = measure === 'cost' ? words : formatCount;
  return dotted(
    line(bandWords(band, left, t), 'bold'),
    [piece(name, undefined, 80)],
    line(t.period[period]),
    line(t.of(bare(used), words(amount))),
    line(t.left(bare(left))),
    line(t.renews(formatNear(renewsAt, now, timezone)), 'muted'),
  );
}

/** What a person is told whose quota is used up: which, and when it renews. */
export function spentWords(
  { period, measure, used, amount, renewsAt, currency }: Standing,
  now: number,
  { locale, timezone }: Pick<CardContext, 'locale' | 'timezone'>,
): string {
  const t = usageTexts(locale);
  const words = (n: number): string => formatAmount(n, measure, currency, t);
  return t.refused(t.period[period], words(used), words(amount), formatNear(renewsAt, now, timezone));
}

function hints({ budget, quotas, providers }: UsageView, t: UsageTexts): readonly string[] {
  const uncounted = providers.reduce((sum, row) => sum + row.uncounted, 0);
  return [
    ...(budget === undefined && quotas.length === 0 ? [t.noLimits] : []),
    ...(uncounted > 0 ? [t.noPrices(uncounted)] : []),
  ];
}
