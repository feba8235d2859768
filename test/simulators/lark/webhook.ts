import { request } from 'node:http';
import { isJson, tryParse } from './answer.ts';
import { encrypt, signEvent, signLegacy } from './crypto.ts';
import type { Deps } from './deps.ts';
import { makeHex } from './ids.ts';

/** What an app's console says about its request addresses. */
export interface WebhookSettings {
  readonly eventUrl: string;
  readonly cardUrl: string;
  readonly encryptKey?: string;
  readonly verificationToken: string;
}

/** How the pushed address answered. Nothing is followed, nothing repeated here. */
export interface PushResult {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly problem?: 'unreachable' | 'timeout';
}

export interface Push {
  readonly url: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

const TYPE = { 'content-type': 'application/json;charset=utf-8' };

/** The exact bytes and headers of a push: encrypted and signed when an encrypt key is set, else plain and unsigned. */
export function writePush(settings: WebhookSettings, url: string, payload: unknown, now: number): Push {
  const { encryptKey } = settings;
  const text = JSON.stringify(payload);
  const body = encryptKey === undefined ? text : JSON.stringify({ encrypt: encrypt(encryptKey, text) });
  const stamp = { 'x-lark-request-timestamp': `${Math.floor(now / 1000)}`, 'x-lark-request-nonce': makeHex(8) };
  const signature = signEvent(stamp['x-lark-request-timestamp'], stamp['x-lark-request-nonce'], encryptKey ?? '', body);
  const headers = encryptKey === undefined ? stamp : { ...stamp, 'x-lark-signature': signature };
  return { url, body, headers: { ...TYPE, ...headers } };
}

/** The old form of a click: always plain, proof by sha1 over the verification token. */
export function writeLegacyPush(settings: WebhookSettings, payload: unknown, now: number): Push {
  const body = JSON.stringify(payload);
  const [timestamp, nonce] = [`${Math.floor(now / 1000)}`, makeHex(8)];
  return {
    url: settings.cardUrl,
    body,
    headers: {
      ...TYPE,
      'x-lark-request-timestamp': timestamp,
      'x-lark-request-nonce': nonce,
      'x-refresh-token': makeHex(8),
      'x-lark-signature': signLegacy(timestamp, nonce, settings.verificationToken, body),
    },
  };
}

/** Sends a push and waits at most `deadlineMs` for the whole answer. */
export function send({ url, body, headers }: Push, deadlineMs: number): Promise<PushResult> {
  return new Promise((resolve) => {
    const fail = (problem: 'unreachable' | 'timeout'): void => resolve({ status: 0, body: '', headers: {}, problem });
    const outgoing = request(url, {
      method: 'POST',
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
    });
    const timer = setTimeout(() => {
      fail('timeout');
      outgoing.destroy();
    }, deadlineMs);
    outgoing.on('error', () => fail('unreachable'));
    outgoing.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text, headers: response.headers }));
      response.on('error', () => fail('unreachable'));
    });
    outgoing.on('close', () => clearTimeout(timer));
    outgoing.end(body);
  });
}

/** Saving an address in the console: the challenge must come back in time, from both of them. */
export async function checkAddress(
  settings: WebhookSettings,
  url: string,
  { clock, settings: { challengeDeadlineMs } }: Deps,
): Promise<string | undefined> {
  const challenge = makeHex(16);
  const payload = { challenge, token: settings.verificationToken, type: 'url_verification' };
  const { headers, ...push } = writePush(settings, url, payload, clock.now());
  // A challenge carries no signature.
  const unsigned = Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'x-lark-signature'));
  const result = await send({ ...push, headers: unsigned }, challengeDeadlineMs);
  if (result.problem) return `${url}: ${result.problem}`;
  if (result.status !== 200) return `${url}: answered ${result.status}`;
  const body = tryParse(result.body);
  return isJson(body) && body['challenge'] === challenge ? undefined : `${url}: the challenge did not come back`;
}
