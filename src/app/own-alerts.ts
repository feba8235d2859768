import { createHash } from 'node:crypto';
import type { Alert, AlertStatus } from '../incident/alert.ts';
import type { AcceptAlerts } from '../incident/ports.ts';
import type { Log } from '../telemetry/log.ts';
import type { Clock, EpochMs, Labels, Locale } from '../types.ts';

export interface OwnAlertsDeps {
  readonly accept: AcceptAlerts;
  readonly clock: Clock;
  readonly log: Log;
  readonly locale: Locale;
}

interface Place {
  readonly id: string;
  readonly name: string;
  readonly channel: string;
}

/** What we notice about ourselves becomes an alert like any other, so that somebody sees it. Never throws. */
export function createOwnAlerts({ accept, clock, log, locale }: OwnAlertsDeps) {
  async function send(alert: Alert): Promise<void> {
    const now = clock.now();
    const digest = createHash('sha256').update(`${alert.fingerprint} ${alert.status} ${now}`).digest('base64url');
    try {
      await accept({ alerts: [alert], receivedAt: now, digest, traceId: digest.slice(0, 16) });
    } catch (err) {
      log.error({ action: 'own_alert_failed', fingerprint: alert.fingerprint, err }, 'could not report it');
    }
  }

  return {
    /** A chat no longer takes our messages; its incidents went to the default target. */
    channelDown: (place: Place, reason: string) => send(channelAlert(place, 'firing', reason, locale)),
    channelUp: (place: Place) => send(channelAlert(place, 'resolved', '', locale)),
    /** The connection by which a chat platform tells us things stays away: nobody's press or command arrives. */
    connectionDown: (channel: string, { since, reason }: Outage) =>
      send(connectionAlert(channel, 'firing', { since, reason }, locale)),
    connectionUp: (channel: string) => send(connectionAlert(channel, 'resolved', undefined, locale)),
    /** The platform refuses an app's calls until the month ends. */
    allowanceSpent: (allowance: SpentAllowance) => send(allowanceAlert(allowance, 'firing', locale)),
    allowanceBack: (allowance: SpentAllowance) => send(allowanceAlert(allowance, 'resolved', locale)),
  };
}

interface SpentAllowance {
  readonly app: string;
  /** `2026-11` */
  readonly month: string;
}

function allowanceAlert({ app, month }: SpentAllowance, status: AlertStatus, locale: Locale): Alert {
  const zh = locale === 'zh-CN';
  const summary = zh
    ? '平台在本月结束前不再接受调用（99991403）。绑定了自定义机器人的群改由它通知，其余群在此之前收不到任何消息：请用 PATCH /api/v1/targets/:id 设置 fallback，或升级套餐'
    : 'The platform takes no more calls until the month ends (99991403). Groups with a custom bot are told through it; the others are told nothing until then: set fallback by PATCH /api/v1/targets/:id, or take a bigger plan';
  return {
    ...own(status, { alertname: 'lark_allowance_spent', channel: 'lark', app, month }),
    fingerprint: `lark_allowance_spent:${app}:${month}`,
    title: zh ? `飞书应用 ${month} 的 API 调用次数已用完` : `The Lark app's API calls of ${month} are used up`,
    summary: status === 'firing' ? summary : '',
  };
}

interface Outage {
  readonly since: EpochMs;
  readonly reason: string;
}

function connectionAlert(channel: string, status: AlertStatus, outage: Outage | undefined, locale: Locale): Alert {
  const since = outage === undefined ? '' : new Date(outage.since).toISOString();
  const zh = locale === 'zh-CN';
  const summary = zh
    ? `自 ${since} 起连接中断（${outage?.reason ?? ''}）：收不到按钮点击和命令。请运行 zhiban doctor ${channel}`
    : `Not connected since ${since} (${outage?.reason ?? ''}): presses and commands do not arrive. Run zhiban doctor ${channel}`;
  return {
    ...own(status, { alertname: 'channel_disconnected', channel }),
    fingerprint: `channel_disconnected:${channel}`,
    title: zh ? `与 ${channel} 的连接断开` : `The connection to ${channel} is down`,
    summary: outage === undefined ? '' : summary,
  };
}

function channelAlert({ id, name, channel }: Place, status: AlertStatus, reason: string, locale: Locale): Alert {
  const labels = { alertname: 'channel_down', channel, target: name };
  const zh = locale === 'zh-CN';
  return {
    ...own(status, labels),
    fingerprint: `channel_down:${id}`,
    title: zh ? `无法送达 ${name}` : `Cannot deliver to ${name}`,
    summary: zh ? `目标不再接收消息：${reason}` : `The target no longer takes messages: ${reason}`,
    groupLabels: { ...labels, target_id: id },
  };
}

/** What all of ours have in common. */
const own = (status: AlertStatus, labels: Labels) =>
  ({
    integration: 'zhiban',
    source: 'zhiban',
    status,
    severity: 'critical',
    labels,
    annotations: {},
    groupLabels: labels,
    links: [],
  }) as const;
