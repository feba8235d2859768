/** A target's address in two parts: the channel, and what that channel understands. */
export interface Address {
  readonly channel: string;
  readonly address: string;
}

/** Other names for a channel: what it means with an id, and with a URL. */
const ALSO: Readonly<Record<string, { readonly id?: string; readonly url?: string }>> = {
  feishu: { id: 'lark', url: 'lark-hook' },
  lark: { id: 'lark', url: 'lark-hook' },
  wechat: { url: 'wecom-hook' },
  wecom: { url: 'wecom-hook' },
  dingtalk: { id: 'dingtalk', url: 'dingtalk-hook' },
  custom: { url: 'webhook' },
};

/** Hosts whose addresses are custom robots of a platform. */
const HOOKS: readonly (readonly [RegExp, string])[] = [
  [/^open\.(feishu\.cn|larksuite\.com)$/, 'lark-hook'],
  [/^qyapi\.weixin\.qq\.com$/, 'wecom-hook'],
  [/^oapi\.dingtalk\.com$/, 'dingtalk-hook'],
];

/** Reads `playground:lobby`, `lark:oc_…`, `feishu:https://…`, or a bare URL; undefined for anything else. */
export function readAddress(text: string): Address | undefined {
  const plain = text.trim();
  const url = httpUrl(plain);
  if (url !== undefined)
    return { channel: HOOKS.find(([host]) => host.test(url.hostname))?.[1] ?? 'webhook', address: plain };
  const parts = /^([a-z][a-z-]*):(\S.*)$/s.exec(plain);
  if (parts === null) return undefined;
  const [, name = '', address = ''] = parts;
  const isUrl = httpUrl(address) !== undefined;
  const also = ALSO[name];
  const channel = (isUrl ? also?.url : also?.id) ?? (also === undefined ? name : undefined);
  return channel === undefined ? undefined : { channel, address };
}

export const showAddress = ({ channel, address }: Address): string => `${channel}:${address}`;

const httpUrl = (text: string): URL | undefined =>
  /^https?:\/\//.test(text) ? (URL.parse(text) ?? undefined) : undefined;
