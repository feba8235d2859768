import { z } from 'zod';
import { line } from '../cards/rich.ts';
import { operationTexts } from '../cards/texts/operations.ts';
import { formatNear } from '../cards/time.ts';
import { done } from './answers.ts';
import { showMatchers } from './matchers.ts';
import type { Operation } from './operation.ts';

const Input = z.object({});
const MOST_SHOWN = 30;

/** Lists what is silenced now. */
export const silences: Operation<z.infer<typeof Input>> = {
  name: 'silences',
  right: 'reader',
  input: Input,
  reads: true,
  chat: {
    slash: 'silences',
    chinese: '静默列表',
    usage: { 'zh-CN': '/silences', 'en-US': '/silences' },
    example: '/silences',
    help: { 'zh-CN': '查看生效中的静默', 'en-US': 'List silences in force' },
    takes: 'nothing',
    parse: () => ({}),
  },
  run: async (_input, { locale, now, timezone }, ports) => {
    const t = operationTexts(locale).lists;
    const active = await ports.silences.active();
    const items = active
      .slice(0, MOST_SHOWN)
      .map(({ id, incidentId, matchers, endsAt, createdName, reason }) =>
        line(
          t.silence(
            id,
            incidentId ?? showMatchers(matchers),
            formatNear(endsAt, now, timezone),
            createdName,
            reason ?? '',
          ),
        ),
      );
    const brief = t.silences(active.length);
    if (items.length === 0) return done(brief, { data: { silences: active } });
    const card = {
      tone: 'neutral',
      title: brief,
      tags: [],
      blocks: [{ kind: 'list', ordered: false, items }],
    } as const;
    return done(brief, { data: { silences: active }, card });
  },
};
