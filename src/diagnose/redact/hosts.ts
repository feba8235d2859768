import type { Rule } from './rule.ts';

const ENDINGS =
  'com|cn|net|org|io|co|cloud|dev|app|info|biz|edu|gov|local|localdomain|internal|intranet|intra|corp|lan|home|svc|cluster|prod|staging|test|priv|private|consul|hk|tw|jp|sg|us|uk|de|eu';

/** Machines, for those who do not want to tell a model how theirs are called. */
export const HOST_RULES: readonly Rule[] = [
  { kind: 'ip', pattern: /(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w]|\.\d)/g, accept: isIpv4 },
  {
    kind: 'ip',
    pattern: /(?<![\w:.])(?:[0-9a-f]{1,4}:){1,7}(?:(?::[0-9a-f]{1,4}){1,6}|[0-9a-f]{1,4}|:)(?![\w:])/gi,
    accept: isIpv6,
  },
  {
    kind: 'host',
    pattern: new RegExp(
      String.raw`(?<![\w.@-])[a-z0-9][\w-]{0,62}(?:\.[\w-]{1,63}){0,6}\.(?:${ENDINGS})(?![\w-]|\.\w)`,
      'gi',
    ),
  },
  {
    kind: 'host',
    pattern: /:\/\/(?:[^\s/@"'<>]{0,128}@)?([a-z0-9][\w.-]{0,252})/gi,
    accept: (value) => !isIpv4(value),
  },
  {
    kind: 'host',
    pattern:
      /(?<![A-Za-z])(?:node|nodename|host|hostname|instance|主机|节点|服务器|实例)["']?[:=]\s{0,2}["']?([A-Za-z0-9][\w.-]{1,252})/g,
    accept: (value) => !isIpv4(value) && /[\d.-]/.test(value),
  },
];

function isIpv4(value: string): boolean {
  const parts = value.split('.');
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255);
}

/** Times have colons too: an address has eight groups, or two colons once. */
function isIpv6(value: string): boolean {
  const gaps = value.split('::').length - 1;
  const groups = value.split(':').filter((group) => group !== '').length;
  return gaps === 1 ? groups >= 2 || value.includes('::1') : gaps === 0 && groups === 8;
}
