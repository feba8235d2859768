import { isIP } from 'node:net';
import { z } from 'zod';
import { parseDuration } from './incident/duration.ts';

/** `90s`, `10m`, `3h`, `30d` → milliseconds. */
export const someDuration = z.string().transform((text, context) => {
  const ms = parseDuration(text);
  if (ms !== undefined) return ms;
  context.addIssue({ code: 'custom', message: `"${text}" is no duration; write 90s, 10m, 3h or 30d` });
  return z.NEVER;
});

export const duration = (fallback: string) => someDuration.prefault(fallback);

export const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  );

const isCidr = (text: string): boolean => {
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
};

export const cidrs = list.refine((items) => items.every(isCidr), {
  message: 'holds something that is no address or CIDR; write 10.0.0.0/8,192.168.1.7',
});

export const url = z
  .url({ protocol: /^https?$/, message: 'is no http(s) address' })
  .transform((text) => text.replace(/\/$/, ''));

export const isTimezone = (name: string): boolean => {
  try {
    return Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
};

export const someNumber = (min: number, max: number) =>
  z.coerce
    .number({ message: 'is no number' })
    .int({ message: 'is no whole number' })
    .min(min, { message: `must be at least ${min}` })
    .max(max, { message: `must be at most ${max}` });

export const wholeNumber = (fallback: number, min: number, max: number) => someNumber(min, max).default(fallback);
