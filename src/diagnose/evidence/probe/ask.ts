import { type ClientRequest, type IncomingMessage, type RequestOptions, request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';
import { isIP } from 'node:net';
import type { PeerCertificate, TLSSocket } from 'node:tls';
import type { Clock, EpochMs } from '../../../types.ts';
import { type Address, refusalOf } from './address.ts';

/** All addresses of a name, like `dns.promises.lookup` with `all`. */
export type Lookup = (host: string) => Promise<readonly { readonly address: string; readonly family: number }[]>;

export interface Certificate {
  readonly subject: string;
  readonly issuer: string;
  readonly until: EpochMs;
  /** Why it is not trusted: `CERT_HAS_EXPIRED`, …; absent when it is. */
  readonly fault?: string;
}

export interface Answer {
  readonly ip: string;
  readonly status: number;
  readonly tookMs: number;
  /** Where it sends us, when it does; not followed. */
  readonly location?: string;
  /** The beginning of what it says, when that is text. */
  readonly body: string;
  readonly certificate?: Certificate;
}

/** The system's code (`ENOTFOUND`, `ECONNREFUSED`, …), `TIMEOUT`, or why it was not asked. */
export interface NoAnswer {
  readonly code: string;
  readonly stage: 'dns' | 'refused' | 'connection';
  readonly tookMs: number;
  readonly ip?: string;
}

const MOST_BYTES = 4096;

export interface AskDeps {
  readonly clock: Clock;
  readonly lookup: Lookup;
  readonly timeoutMs: number;
}

/**
 * Asks an address once: resolves its name, checks every address it has, connects to one that was checked, sends a GET
 * without credentials, and reads 4 KiB at most. A certificate that is not trusted is told, since nothing secret is sent.
 */
export async function askAddress(address: Address, deps: AskDeps, signal: AbortSignal): Promise<Answer | NoAnswer> {
  const begun = deps.clock.now();
  const took = (): number => Math.max(0, deps.clock.now() - begun);
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(deps.timeoutMs)]);
  try {
    const found = await resolved(address.host, deps.lookup, deadline);
    const refused = found.map((ip) => refusalOf(ip, address.host)).find((each) => each !== undefined);
    const [ip] = found;
    if (refused !== undefined) return { code: refused, stage: 'refused', tookMs: took() };
    if (ip === undefined) return { code: 'ENOTFOUND', stage: 'dns', tookMs: took() };
    return await asked(address, ip, took, deadline).catch((error: unknown) => ({
      ...faultOf(error, deadline),
      stage: 'connection' as const,
      tookMs: took(),
      ip,
    }));
  } catch (error) {
    return { ...faultOf(error, deadline), stage: 'dns', tookMs: took() };
  }
}

async function resolved(host: string, lookup: Lookup, signal: AbortSignal): Promise<readonly string[]> {
  if (isIP(host) !== 0) return [host];
  const aborted = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
  });
  return (await Promise.race([lookup(host), aborted])).map(({ address }) => address);
}

function faultOf(error: unknown, deadline: AbortSignal): { readonly code: string } {
  if (deadline.aborted) return { code: 'TIMEOUT' };
  return { code: error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'ERROR' };
}

async function asked(address: Address, ip: string, took: () => number, signal: AbortSignal): Promise<Answer> {
  const request = begin(address, ip, signal);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    // One that only wants to speak another protocol is closed without an error.
    const closed = (): void => reject(new Error('closed without an answer'));
    request.once('error', reject).once('response', resolve).once('close', closed).end();
  });
  const tookMs = took();
  const certificate = certificateOf(response);
  const body = await readSome(response);
  request.destroy();
  const { location } = response.headers;
  return {
    ip,
    status: response.statusCode ?? 0,
    tookMs,
    body,
    ...(location === undefined ? {} : { location }),
    ...(certificate === undefined ? {} : { certificate }),
  };
}

/** To the address that was checked, in the name that was asked for. */
function begin({ url, host, port }: Address, ip: string, signal: AbortSignal): ClientRequest {
  const options: RequestOptions = {
    host: ip,
    port,
    path: `${url.pathname}${url.search}`,
    headers: { host: url.host, 'user-agent': 'zhiban-probe', accept: '*/*', connection: 'close' },
    agent: false,
    signal,
  };
  if (url.protocol !== 'https:') return plainRequest(options);
  const named = isIP(host) === 0 ? { servername: host } : {};
  return secureRequest({ ...options, ...named, rejectUnauthorized: false });
}

/** The beginning, as far as it came. */
async function readSome(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let left = MOST_BYTES;
  try {
    for await (const chunk of response) {
      const bytes = Buffer.from(chunk).subarray(0, left);
      chunks.push(bytes);
      left -= bytes.length;
      if (left <= 0) break;
    }
  } catch {
    // The status is known; that the rest never came changes nothing.
  }
  const text = /text|json|xml/i.test(response.headers['content-type'] ?? 'text');
  return text ? Buffer.concat(chunks).toString('utf8') : '';
}

function certificateOf(response: IncomingMessage): Certificate | undefined {
  const { socket } = response;
  if (!isSecure(socket)) return undefined;
  const peer: Partial<PeerCertificate> = socket.getPeerCertificate();
  if (peer.valid_to === undefined) return undefined;
  const { authorizationError: error } = socket;
  const fault: unknown = error instanceof Error && 'code' in error ? error.code : error;
  const nameOf = (name: string | string[] | undefined): string => [name ?? []].flat().join(', ');
  return {
    subject: nameOf(peer.subject?.CN),
    issuer: nameOf(peer.issuer?.O) || nameOf(peer.issuer?.CN),
    until: Date.parse(peer.valid_to),
    ...(socket.authorized ? {} : { fault: typeof fault === 'string' ? fault : 'UNTRUSTED' }),
  };
}

const isSecure = (socket: IncomingMessage['socket'] | TLSSocket): socket is TLSSocket => 'getPeerCertificate' in socket;
