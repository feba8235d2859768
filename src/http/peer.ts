import type { IncomingMessage } from 'node:http';
import ipaddr from 'ipaddr.js';

type Address = ReturnType<typeof ipaddr.process>;
type Range = readonly [Address, number];

export interface Peers {
  /** The sender's address; through TRUST_PROXY only, undefined when a trusted proxy sent nonsense. */
  addressOf(req: IncomingMessage): string | undefined;
  /** Whether ALLOWED_IPS (if any) lists the sender. */
  isAllowed(req: IncomingMessage): boolean;
}

/** `X-Forwarded-For` is anybody's to write: it counts only as far as each hop that wrote it is a listed proxy. */
export function createPeers(trustProxy: readonly string[], allowedIps: readonly string[]): Peers {
  const proxies = trustProxy.map(rangeOf);
  const allowed = allowedIps.map(rangeOf);

  function addressOf(req: IncomingMessage): string | undefined {
    const direct = plain(req.socket.remoteAddress);
    if (proxies.length === 0 || direct === undefined || !isWithin(direct, proxies)) return direct;
    const { 'x-forwarded-for': forwarded, 'x-real-ip': real } = req.headers;
    if (forwarded === undefined) return typeof real === 'string' ? plain(real.trim()) : direct;
    const hops = String(forwarded).split(',');
    for (const hop of hops.toReversed()) {
      const address = plain(hop.trim());
      if (address === undefined || !isWithin(address, proxies)) return address;
    }
    return plain(hops[0]?.trim());
  }

  return {
    addressOf,
    isAllowed(req) {
      if (allowed.length === 0) return true;
      const address = addressOf(req);
      return address !== undefined && isWithin(address, allowed);
    },
  };
}

/** `::ffff:10.0.0.1` is 10.0.0.1. */
function plain(text: string | undefined): string | undefined {
  if (text === undefined || !ipaddr.isValid(text)) return undefined;
  return ipaddr.process(text).toString();
}

function rangeOf(text: string): Range {
  const cidr = text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`;
  const [address, bits] = ipaddr.parseCIDR(cidr);
  const mapped = address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() && bits >= 96;
  return mapped ? [address.toIPv4Address(), bits - 96] : [address, bits];
}

function isWithin(text: string, ranges: readonly Range[]): boolean {
  const address = ipaddr.process(text);
  return ranges.some(([range, bits]) => address.kind() === range.kind() && address.match(range, bits));
}
