import { z } from 'zod';
import { formatCount, formatMoney } from '../cards/amounts.ts';
import { usageTexts } from '../cards/texts/usage.ts';
import { usageCard } from '../cards/usage-card.ts';
import type { UsageView } from '../cards/usage.ts';
import type { Locale } from '../types.ts';
import { done } from './answers.ts';
import type { Operation } from './operation.ts';

const Input = z.object({});

/** What models were used for, by whom, and how much is left. */
export const usage: Operation<z.infer<typeof Input>> = {
  name: 'usage',
  right: 'reader',
  input: Input,
  reads: true,
  chat: {
    slash: 'usage',
    chinese: '用量',
    usage: { 'zh-CN': '/usage', 'en-US': '/usage' },
    example: '/usage',
    help: { 'zh-CN': '模型用量、预算和配额', 'en-US': 'Model usage, budget and quotas' },
    takes: 'nothing',
    parse: () => ({}),
  },
  run: async (_input, { actor, operatorId, locale, timezone }, { usage: look, publicUrl }) => {
    const view = await look({ id: operatorId ?? actor.id, name: actor.name });
    if (!view.configured && view.providers.length === 0) return done(usageTexts(locale).notConfigured, { data: view });
    return done(briefOf(view, locale), { data: view, card: usageCard(view, { locale, timezone, publicUrl }) });
  },
};

function briefOf({ providers, currency }: UsageView, locale: Locale): string {
  const t = usageTexts(locale);
  const sum = (of: (row: UsageView['providers'][number]) => number): number =>
    providers.reduce((total, row) => total + of(row), 0);
  const tokens = t.tokens(formatCount(sum(({ tokensIn, tokensOut }) => tokensIn + tokensOut)));
  return t.brief(
    t.calls(formatCount(sum(({ calls }) => calls))),
    tokens,
    formatMoney(
      sum(({ cost }) => cost),
      currency,
    ),
  );
}
