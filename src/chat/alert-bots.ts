import { createHash } from 'node:crypto';
import type { InboundMessage } from '../channels/channel.ts';
import { traceId } from '../telemetry/log.ts';
import type { ChatDeps } from './ports.ts';

type Needs = Pick<ChatDeps, 'config' | 'accept' | 'parseBotAlert' | 'log'>;

/** What another bot says is an alert when the configuration names that bot, and nothing of ours otherwise. */
export async function hearBot(inbound: InboundMessage, targetId: string | undefined, deps: Needs): Promise<void> {
  const { sender, channel, chat, text, receivedAt } = inbound;
  const about = { channel, chat, sender: sender.id };
  const named = [sender.id, `${channel}:${sender.id}`].some((id) => deps.config.alertBotIds.includes(id));
  if (!named) {
    deps.log.info({ action: 'alert_not_detected', ...about, reason: 'not in ALERT_BOT_IDS' }, 'a bot spoke');
    return;
  }
  const alerts = deps.parseBotAlert(text, { senderId: sender.id, chat }, receivedAt);
  if (alerts.length === 0) {
    deps.log.info({ action: 'alert_not_detected', ...about, reason: 'no alert in its text' }, 'a bot spoke');
    return;
  }
  const accepted = await deps.accept({
    alerts,
    receivedAt,
    digest: createHash('sha256').update(text).digest('hex'),
    traceId: traceId(),
    ...(targetId === undefined ? {} : { targetId }),
  });
  const incidents = accepted.incidents.map(({ id }) => id);
  deps.log.info({ action: 'alert_detected', ...about, incidents }, 'a bot raised an alert');
}
