import { BlockList, isIP } from 'node:net';

/** What is to be asked. */
export interface Address {
  readonly url: URL;
  /** Without brackets, lower case. */
  readonly host: string;
  readonly port: number;
}

/** Reads `https://host/path`, `host:port` and `host`; credentials in it are dropped. Undefined when it is none of these. */
export function addressOf(text: string): Address | undefined {
  const line = text.trim();
  if (line === '' || line.length > 2000 || /[\s\p{Cc}\\]/u.test(line)) return undefined;
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(line)
    ? ''
    : /^[^/]*:(?:443|8443)(?:\/|$)/.test(line)
      ? 'https://'
      : 'http://';
  const url = URL.parse(`${scheme}${line}`);
  if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === '') return undefined;
  url.username = '';
  url.password = '';
  url.hash = '';
  const host = url.hostname
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  return { url, host, port };
}

/** Whether the configured list has this host, alone (any port) or with this port. */
export const isListed = ({ host, port }: Address, hosts: readonly string[]): boolean =>
  hosts.some((entry) => {
    const { name, at } = entryOf(entry);
    return name === host && (at === undefined || at === port);
  });

function entryOf(entry: string): { readonly name: string; readonly at: number | undefined } {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(entry.trim().toLowerCase()) ?? [];
  const name = (bracketed ?? plain ?? entry.trim().toLowerCase()).replace(/\.$/, '');
  return { name, at: port === undefined ? undefined : Number(port) };
}

/**
 * Why an address that a host has may not be connected to, whatever the list says: metadata services and link-local
 * addresses never; the machine itself only when the list names it by such an address.
 */
export function refusalOf(ip: string, host: string): 'metadata' | 'loopback' | undefined {
  const family = isIP(ip);
  if (family === 0) return 'metadata';
  const type = family === 4 ? 'ipv4' : 'ipv6';
  const inside = embedded(ip);
  if (NEVER.check(ip, type) || (inside !== undefined && NEVER.check(inside, 'ipv4'))) return 'metadata';
  const loopback = LOOPBACK.check(ip, type) || (inside !== undefined && LOOPBACK.check(inside, 'ipv4'));
  return loopback && host !== 'localhost' && isIP(host) === 0 ? 'loopback' : undefined;
}

/** Link-local addresses, the metadata services of the clouds, and what is no host's address. */
const NEVER = new BlockList();
NEVER.addSubnet('169.254.0.0', 16, 'ipv4');
NEVER.addAddress('100.100.100.200', 'ipv4');
NEVER.addAddress('168.63.129.16', 'ipv4');
NEVER.addAddress('192.0.0.192', 'ipv4');
NEVER.addSubnet('0.0.0.0', 8, 'ipv4');
NEVER.addSubnet('224.0.0.0', 3, 'ipv4');
NEVER.addSubnet('fe80::', 10, 'ipv6');
NEVER.addSubnet('ff00::', 8, 'ipv6');
NEVER.addAddress('fd00:ec2::254', 'ipv6');
NEVER.addAddress('fd20:ce::254', 'ipv6');
NEVER.addAddress('::', 'ipv6');

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** The IPv4 address within one of IPv6: mapped, compatible, NAT64 and 6to4. */
function embedded(ip: string): string | undefined {
  if (isIP(ip) !== 6) return undefined;
  const groups = expanded(ip);
  const first = groups.slice(0, 5).every((group) => group === 0) && (groups[5] === 0 || groups[5] === 0xffff);
  const nat64 = groups[0] === 0x64 && groups[1] === 0xff9b;
  const at = groups[0] === 0x2002 ? 1 : first || nat64 ? 6 : undefined;
  if (at === undefined) return undefined;
  const [high = 0, low = 0] = groups.slice(at, at + 2);
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

function expanded(ip: string): readonly number[] {
  const plain = URL.parse(`http://[${ip.replace(/%.*$/, '')}]/`)?.hostname.slice(1, -1) ?? '';
  const [head = '', tail] = plain.split('::');
  const groups = (part: string): readonly number[] =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
  const [before, after] = [groups(head), tail === undefined ? [] : groups(tail)];
  const gap = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  return [...before, ...Array.from({ length: gap }, () => 0), ...after];
}
