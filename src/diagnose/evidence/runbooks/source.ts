import type { Locale } from '../../../types.ts';
import type { EvidenceSource, Finding } from '../source.ts';
import type { Reason } from './fits.ts';
import type { MatchedRunbook, Runbooks } from './runbooks.ts';
import { plainText } from './sections.ts';

const MOST_TEXT = 1600;

const WORDS = {
  'zh-CN': {
    title: '手册',
    id: '手册编号',
    reasons: {
      alert: '手册写明适用于这个告警',
      url: '告警自带的手册链接指向它',
      heading: '其中一节以这个告警命名',
      name: '文件以这个告警命名',
      labels: '手册写明适用于这些标签',
      text: '内容与这个故障相近',
    },
  },
  'en-US': {
    title: 'Runbook',
    id: 'runbook id',
    reasons: {
      alert: 'it names this alert',
      url: 'the alert links to it',
      heading: 'one of its sections is named after this alert',
      name: 'the file is named after this alert',
      labels: 'it names these labels',
      text: 'its words are like those of this incident',
    },
  },
} as const satisfies Record<Locale, { readonly reasons: Record<Reason, string> } & Record<string, unknown>>;

/** The runbooks for an incident, each with the section that is about it. */
export const createRunbooksSource = ({ runbooks }: { readonly runbooks: Runbooks }): EvidenceSource => ({
  name: 'runbooks',
  timeoutMs: 5000,
  collect: async ({ facts, locale, now }) =>
    (await runbooks.forIncident(facts)).map((one) => findingOf(one, locale, now)),
});

function findingOf({ runbook, section, reason, score, url }: MatchedRunbook, locale: Locale, now: number): Finding {
  const words = WORDS[locale];
  const heading = section === undefined || section.heading === '' ? '' : ` › ${section.heading.slice(0, 80)}`;
  const said = plainText(section?.text ?? '', MOST_TEXT);
  return {
    source: 'runbook',
    title: `${words.title} · ${runbook.title.slice(0, 80)}${heading === ` › ${runbook.title}` ? '' : heading}`,
    text: `${words.id}: ${runbook.id} (${words.reasons[reason]})\n${said}`,
    at: now,
    // It tells what to do, and seldom what happened.
    relevance: 0.6 * score,
    ...(said.length === MOST_TEXT && said.endsWith('…') ? { cut: true } : {}),
    ...(url === undefined ? {} : { url }),
  };
}
