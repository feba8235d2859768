import type { Locale } from '../../types.ts';
import type { Similar } from '../similar.ts';
import type { Finding } from './source.ts';

const WORDS = {
  'zh-CN': { title: '相似的历史故障', cause: '当时的原因：', none: '当时没有记下原因', lasted: '持续' },
  'en-US': {
    title: 'Similar past incident',
    cause: 'What it was: ',
    none: 'no cause was written down',
    lasted: 'lasted',
  },
} as const satisfies Record<Locale, unknown>;

/** One item per past incident, with its id as the query: what it was and how long it lasted. */
export const similarEvidence = (similar: readonly Similar[], locale: Locale): readonly Finding[] =>
  similar.map(({ incident, score }) => {
    const words = WORDS[locale];
    const cause = incident.cause === undefined ? words.none : `${words.cause}${incident.cause.slice(0, 300)}`;
    const minutes = Math.max(1, Math.round((incident.resolvedAt - incident.openedAt) / 60_000));
    return {
      source: 'incident',
      title: `${words.title} · ${Math.round(score * 100)}%`,
      query: incident.id,
      text: `${incident.title.slice(0, 160)}\n${cause} · ${words.lasted} ${minutes} min`,
      at: incident.resolvedAt,
      relevance: 0.4 + 0.4 * score,
    };
  });
