import { createHash } from 'node:crypto';
import { z } from 'zod';
import { operationTexts } from '../cards/texts/operations.ts';
import { done, refuse } from './answers.ts';
import type { Operation } from './operation.ts';

const Input = z.object({ text: z.string().trim().min(1).max(100_000) });

/** Takes in an alert that somebody pasted; its incident is also shown in this chat. */
export const alert: Operation<z.infer<typeof Input>> = {
  name: 'alert',
  right: 'reader',
  input: Input,
  chat: {
    slash: 'alert',
    chinese: '告警',
    usage: { 'zh-CN': '/alert 告警内容', 'en-US': '/alert text' },
    example: '/alert [告警] 支付超时',
    help: { 'zh-CN': '把粘贴的告警变成故障', 'en-US': 'Turn a pasted alert into an incident' },
    takes: 'words',
    parse: (_words, rest) => (rest === '' ? undefined : { text: rest }),
  },
  run: async ({ text }, { locale, now, traceId, targetId, actor }, ports) => {
    const t = operationTexts(locale);
    const alerts = ports.parsePastedAlert(text, actor.id, now);
    if (alerts.length === 0) return refuse('invalid', t.refused.noAlert);
    const accepted = await ports.accept({
      alerts,
      receivedAt: now,
      digest: createHash('sha256').update(text).digest('hex'),
      traceId,
      ...(targetId === undefined ? {} : { targetId }),
    });
    const [first] = accepted.incidents;
    if (first === undefined) return done(t.done.alertIgnored, { data: accepted });
    return done(t.done.alert(first.id, first.created), { incidentId: first.id, data: accepted });
  },
};
