import { z } from 'zod';
import { SEVERITIES } from '../incident/alert.ts';
import type { Severity } from '../incident/alert.ts';
import { reportCard } from '../cards/report-card.ts';
import { operationTexts } from '../cards/texts/operations.ts';
import { done } from './answers.ts';
import type { Operation } from './operation.ts';

const Input = z.object({ period: z.enum(['daily', 'weekly']).default('daily') });

const DAY_MS = 86_400_000;

const PERIODS: Readonly<Record<string, 'daily' | 'weekly'>> = {
  daily: 'daily',
  day: 'daily',
  日: 'daily',
  日报: 'daily',
  weekly: 'weekly',
  week: 'weekly',
  周: 'weekly',
  周报: 'weekly',
};

/** What the last day or week was like. */
export const report: Operation<z.infer<typeof Input>> = {
  name: 'report',
  right: 'reader',
  input: Input,
  reads: true,
  chat: {
    slash: 'report',
    chinese: '报表',
    usage: { 'zh-CN': '/report [daily|weekly]', 'en-US': '/report [daily|weekly]' },
    example: '/report weekly',
    help: { 'zh-CN': '最近一天或一周的报表', 'en-US': 'The last day or week in numbers' },
    takes: 'words',
    parse: ([word = 'daily', ...more]) => {
      const period = PERIODS[word.toLowerCase()];
      return period === undefined || more.length > 0 ? undefined : { period };
    },
  },
  run: async ({ period }, { locale, timezone, now }, { reports, publicUrl }) => {
    const made = await reports.report(period, now - (period === 'daily' ? DAY_MS : 7 * DAY_MS), now);
    const t = operationTexts(locale).lists;
    const brief = t.report(t[period], sum(made.opened), sum(made.resolved));
    return done(brief, { data: made, card: reportCard(made, { locale, timezone, publicUrl }) });
  },
};

const sum = (counts: Readonly<Record<Severity, number>>): number =>
  SEVERITIES.reduce((total, severity) => total + counts[severity], 0);
