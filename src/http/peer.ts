import type { IncomingMessage } from 'node:http';
import ipaddr from 'ipaddr.js';

type Address = ReturnType<typeof ipaddr.process>;
type Range = readonly [Address, number];

export interface Peers {
  /** The sender's address; through TRUST_PROXY only, undefined when a trusted proxy sent nonsense. */
  addressOf(req: IncomingMessage): string | undefined;
  /** What one sender disposes of: its IPv4 address, or the /64 of its IPv6 address; never empty. */
  networkOf(req: IncomingMessage): string;
  /** Whether ALLOWED_IPS (if any) lists the sender. */
  isAllowed(req: IncomingMessage): boolean;
}

const MAX_NETWORKS = 1000;

/** `X-Forwarded-For` is anybody's to write: it counts only as far as each hop that wrote it is a listed proxy. */
export function createPeers(trustProxy: readonly string[], allowedIps: readonly string[]): Peers {
  const proxies = trustProxy.map(rangeOf);
  const allowed = allowedIps.map(rangeOf);
  const networks = new Map<string, string>();

  function networkOf(req: IncomingMessage): string {
    if (proxies.length > 0) return networkAround(addressOf(req));
    const { remoteAddress = '' } = req.socket;
    // To read an address costs up to 18 µs, half of what a whole request may: the same few senders come again and again.
    const known = networks.get(remoteAddress);
    if (known !== undefined) return known;
    const network = networkAround(addressOf(req));
    if (networks.size >= MAX_NETWORKS) networks.clear();
    networks.set(remoteAddress, network);
    return network;
  }

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
    networkOf,
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

function networkAround(address: string | undefined): string {
  if (address === undefined) return 'unknown';
  if (!address.includes(':')) return address;
  const bytes = ipaddr.parse(address).toByteArray();
  return Buffer.from(bytes.slice(0, 8)).toString('hex');
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
