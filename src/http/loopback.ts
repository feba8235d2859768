import type { IncomingMessage } from 'node:http';

/**
 * The one rule behind everything that has no credential configured: the peer is loopback, was addressed as loopback, is
 * no page of somebody else's, and no proxy stands between. So neither a reverse proxy on this machine nor a web page
 * opened on it (also by DNS rebinding) gets in.
 */
export function createLoopbackOnly(publicUrl: string): (req: IncomingMessage) => boolean {
  const publicOrigin = URL.parse(publicUrl)?.origin;
  return ({ socket, headers, httpVersion }) => {
    const { host, origin } = headers;
    if (!isLoopbackAddress(socket.remoteAddress) || host === undefined || !LOOPBACK_HOST.test(host)) return false;
    if (origin !== undefined && origin !== publicOrigin && origin !== `http://${host}`) return false;
    // What nginx speaks to its upstreams unless told otherwise, together with our own address as `Host`.
    if (httpVersion === '1.0') return false;
    for (const name in headers) if (isProxyHeader(name)) return false;
    return true;
  };
}

const LOOPBACK_HOST = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;

const isLoopbackAddress = (address: string | undefined): boolean =>
  address !== undefined && (address === '::1' || /^(?:::ffff:)?127\./i.test(address));

const isProxyHeader = (name: string): boolean => name.startsWith('x-forwarded-') || PROXY_HEADERS.has(name);

const PROXY_HEADERS = new Set([
  'forwarded',
  'via',
  'x-real-ip',
  'x-client-ip',
  'x-cluster-client-ip',
  'x-original-host',
  'true-client-ip',
  'cf-connecting-ip',
]);
