import type { Card } from '../../../cards/card.ts';
import type { Log } from '../../../telemetry/log.ts';
import type { Metrics } from '../../../telemetry/metrics.ts';
import type { Clock, EpochMs, Locale } from '../../../types.ts';
import type { InboundPress, Receive } from '../../channel.ts';

/** Ourselves on the platform: the id comes from `GET /open-apis/bot/v3/info`, so it may be missing at first. */
export interface LarkBot {
  readonly openId?: string | undefined;
  /** Names the bot answers to, in any case; those of the contract are among them. */
  readonly names: readonly string[];
}

/** Where one of our own messages stands. */
export interface Place {
  /** Full target address, `lark:oc_…` or `lark:ou_…`. */
  readonly chat: string;
  /** The incident whose card or message it is. */
  readonly incidentId?: string;
}

/** Our own table of what we show where: reactions and legacy clicks do not name their chat. */
export interface Places {
  /** The place of the message with this id, if we sent it. */
  ofMessage(messageRef: string): Promise<Place | undefined>;
  /** The only place of this channel in which the incident is shown; none when there are several. */
  ofIncident(incidentId: string): Promise<Place | undefined>;
}

/** A chat that we now are in, or no longer. */
export interface ChatChange {
  /** `lark:oc_…` */
  readonly chat: string;
  readonly name?: string;
  /** The open_id of the person who did it. */
  readonly by?: string;
  /** When, by the platform's clock: it may tell again, and late. */
  readonly at?: EpochMs;
}

export interface LarkInboundDeps {
  readonly appId: string;
  readonly encryptKey?: string | undefined;
  readonly verificationToken?: string | undefined;
  readonly receive: Receive;
  readonly bot: () => LarkBot;
  readonly places: Places;
  /** Both must bear repetition and another order: the platform tells at least once, for hours. */
  readonly chats: { added(change: ChatChange): Promise<void>; removed(change: ChatChange): Promise<void> };
  /** A person's name; the platform sends none with messages and clicks. Late or failing, the id stands in for it. */
  readonly nameOf?: (openId: string, chat: string) => Promise<string | undefined>;
  /** `ALERT_BOT_IDS`: of a bot's several ids the one that is listed here is its sender id. */
  readonly alertBotIds: readonly string[];
  /** `LARK_REACTIONS`: emoji key → action of a button. */
  readonly reactions: Readonly<Record<string, string>>;
  /** `LARK_CLICK_ANSWER`. */
  readonly clickAnswer: 'card' | 'toast';
  /** The platform's own form of a card, within its limits. */
  readonly renderCard: (card: Card, pressed: InboundPress) => object;
  /** For what is said before anybody knows who asks. */
  readonly locale: Locale;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Pick<Metrics, 'requestsRefused'>;
  /** Longest time until an answer leaves, ms; the platform waits 3 s. */
  readonly deadlineMs?: number;
}
