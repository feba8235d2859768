import type { Log } from '../../telemetry/log.ts';

/** Blanks what must never be read in a log line or an error. */
export type Mask = (text: string) => string;

/** What carries a secret whatever its value: tokens, tickets of the long connection, a custom bot's address. */
const SHAPES: readonly (readonly [RegExp, string])[] = [
  [/\bBearer\s+[^\s"',}]+/giu, 'Bearer [secret]'],
  [/\b[tua]-[\w.-]{8,}/gu, '[secret]'],
  [/\b(app_?secret|tenant_access_token|access_key|ticket|sign)("?\s*[=:]\s*"?)[^\s"&,}]+/giu, '$1$2[secret]'],
  [/(\/bot\/v2\/hook\/)[^\s"'?#]+/gu, '$1[secret]'],
];

const LONGEST = 300;

/** Blanks the given values and everything that looks like a credential of the platform, and cuts to 300 characters. */
export function createMask(secrets: readonly string[]): Mask {
  const values = secrets.filter((value) => value !== '');
  return (text) => {
    const blanked = values.reduce((rest, value) => rest.replaceAll(value, '[secret]'), text);
    const masked = SHAPES.reduce((rest, [shape, instead]) => rest.replace(shape, instead), blanked);
    return masked.length > LONGEST ? `${masked.slice(0, LONGEST - 1)}…` : masked;
  };
}

/** What the SDK writes to; it hands its arguments over as one array. */
export interface SdkLogger {
  error(...said: unknown[]): void;
  warn(...said: unknown[]): void;
  info(...said: unknown[]): void;
  debug(...said: unknown[]): void;
  trace(...said: unknown[]): void;
}

/**
 * The SDK's errors and warnings as one of our lines each. Its own objects (requests with the bearer token, bodies with
 * the app secret) are left out, only words are kept; its `debug` lines hold whole messages and ticketed addresses, so
 * nothing below a warning is passed on at all.
 */
export function createSdkLogger(log: Log, mask: Mask): SdkLogger {
  const tell = (...said: unknown[]): void => {
    const detail = mask(said.flat().map(wordsOf).filter(Boolean).join(' '));
    log.warn({ action: 'lark_client', detail }, 'the platform client reports a fault');
  };
  const nothing = (): void => undefined;
  return { error: tell, warn: tell, info: nothing, debug: nothing, trace: nothing };
}

function wordsOf(said: unknown): string {
  if (typeof said === 'string') return said;
  return said instanceof Error ? said.message : '';
}
