import { type SourceFault, oneLine } from './failure.ts';

export interface Answer {
  readonly text: string;
  readonly cut: boolean;
}

/** What was sent along, and what a message may name. */
export interface Asked {
  readonly headers: Readonly<Record<string, string>>;
  readonly settings: { readonly url: string; readonly credentials: string };
}

/** Stops reading at the limit, so that no answer fills the memory. */
export async function readBounded(response: Response, maxBytes: number): Promise<Answer> {
  if (response.body === null) return { text: '', cut: false };
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let left = maxBytes;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return { text: text + decoder.decode(), cut: false };
    text += decoder.decode(value.subarray(0, left), { stream: true });
    left -= value.length;
    if (left >= 0) continue;
    await reader.cancel();
    return { text, cut: true };
  }
}

/** What is wrong with an answer that came, if anything. */
export function faultOfAnswer(response: Response, text: string, asked: Asked): SourceFault | undefined {
  const { status } = response;
  const { url, credentials } = asked.settings;
  const said = oneLine(masked(saidIn(text), asked.headers));
  if (status === 401 || status === 403) return { kind: 'refused', status, setting: credentials, said };
  if (status === 404) return { kind: 'missing', setting: url, said };
  if (status < 200 || status > 299) return { kind: 'status', status, said };
  const html = /^text\/html/i.test(response.headers.get('content-type') ?? '') || /^\s{0,99}<(?:!|html)/i.test(text);
  return html ? { kind: 'html', setting: url } : undefined;
}

/** What an error's body says about it, in the forms our sources have; of a web page nothing. */
function saidIn(text: string): string {
  if (/^\s{0,99}</.test(text)) return '';
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body !== 'object' || body === null) return text;
    if ('message' in body && typeof body.message === 'string') return body.message;
    if ('error' in body && typeof body.error === 'string') return body.error;
    return text;
  } catch {
    return text;
  }
}

/** A server that repeats what it was sent must not make us tell it on. */
const masked = (text: string, headers: Readonly<Record<string, string>>): string =>
  Object.entries(headers)
    .filter(([name]) => name !== 'accept')
    .flatMap(([, value]) => [value, value.replace(/^(?:bearer|basic|token|apikey) +/i, '')])
    .filter((value) => value.length >= 4)
    .reduce((said, value) => said.replaceAll(value, '***'), text);

/** Why no answer came. `fetch` wraps the system's error; a refused redirect has no code. */
export function faultOfNetwork(error: unknown, setting: string): SourceFault {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') {
    return { kind: 'unreachable', code: cause.code, setting };
  }
  if (cause instanceof Error && /redirect/i.test(cause.message)) return { kind: 'redirected', setting };
  return { kind: 'other', said: oneLine(cause instanceof Error ? cause.message : '') };
}
