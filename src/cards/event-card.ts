import { formatAmount } from './amounts.ts';
import { answerCard } from './answer-card.ts';
import type { Block, Card, Field, Rich } from './card.ts';
import { line, piece } from './rich.ts';
import { usageTexts } from './texts/usage.ts';
import { wordOf } from './texts/word-of.ts';
import { formatStamp } from './time.ts';
import { bandWords, usageLine } from './usage-card.ts';
import type { ModelEvents, UsageRow } from './usage.ts';
import type { CardContext } from './view.ts';

type Builders = { readonly [E in keyof ModelEvents]: (data: ModelEvents[E], context: CardContext) => Card };

/** What is told of an event, from what was recorded of it alone. */
export const eventCard = <E extends keyof ModelEvents>(event: E, data: ModelEvents[E], context: CardContext): Card =>
  BUILDERS[event](data, context);

const BUILDERS: Builders = { breaker_open: breakerOpen, quota_warning: quotaWarning, usage_leaderboard: leaderboard };

const field = (label: string, value: Rich): Field => ({ label, value, short: true });

function breakerOpen({ provider, fault, until }: ModelEvents['breaker_open'], context: CardContext): Card {
  const t = usageTexts(context.locale);
  const fields = [
    field(t.fields.fault, [piece(wordOf(t.faults, fault), undefined, 80)]),
    field(t.fields.until, line(formatStamp(until, context.timezone))),
  ];
  const blocks: readonly Block[] = [
    { kind: 'fields', fields },
    { kind: 'text', text: line(t.events.breakerText) },
  ];
  return answerCard({ title: t.events.breaker(provider), tone: 'warning', blocks, footer: context.timezone }, context);
}

function quotaWarning(standing: ModelEvents['quota_warning'], context: CardContext): Card {
  const t = usageTexts(context.locale);
  const { subjectKind, name, period, measure, used, amount, left, band, renewsAt, currency } = standing;
  const words = (n: number): string => formatAmount(n, measure, currency, t);
  const blocks: readonly Block[] = [
    { kind: 'text', text: line(bandWords(band, left, t), 'bold') },
    {
      kind: 'fields',
      fields: [
        field(t.fields.used, line(t.of(words(used), words(amount)))),
        field(t.fields.left, line(words(left), 'bold')),
        field(t.fields.period, line(t.period[period])),
        field(t.fields.renews, line(formatStamp(renewsAt, context.timezone))),
      ],
    },
  ];
  const title = t.events.quota(`${t.subject[subjectKind]} ${name}`);
  const tone = band === 'red' ? 'critical' : 'warning';
  return answerCard({ title, tone, blocks, footer: context.timezone }, context);
}

function leaderboard({ people, providers, currency }: ModelEvents['usage_leaderboard'], context: CardContext): Card {
  const t = usageTexts(context.locale);
  const list = (title: string, rows: readonly UsageRow[]): readonly Block[] => [
    { kind: 'text', text: line(title, 'bold') },
    { kind: 'list', ordered: true, items: rows.map((row) => usageLine(row, currency, t)) },
  ];
  const blocks: readonly Block[] = [
    ...(people.length === 0 ? [{ kind: 'text', text: line(t.events.nobody) } as const] : list(t.heads.people, people)),
    ...list(t.heads.providers, providers),
  ];
  return answerCard({ title: t.events.leaderboard, tone: 'info', blocks, footer: context.timezone }, context);
}
