import { z } from 'zod';
import { list, someDuration, someNumber, url } from './config-fields.ts';
import { PAGE_STEPS } from './incident/paging.ts';

const DURATION_CAP_MS = 24 * 3_600_000;

/** What needs nothing but the incident. */
const REACTION = /^[\w-]+=(?:ack|confirm_diagnosis|rediagnose|resolve|reopen)$/u;

/** `OnIt=ack,DONE=resolve` → emoji key → action of a button. */
const reactions = list
  .prefault('OnIt=ack,DONE=resolve')
  .refine((pairs) => pairs.every((pair) => REACTION.test(pair)), {
    message:
      'must be EMOJI=action, several separated by commas; actions: ack, confirm_diagnosis, rediagnose, resolve, reopen',
  })
  .transform((pairs) => Object.fromEntries(pairs.map((pair) => pair.split('='))) as Readonly<Record<string, string>>); // oxlint-disable-line typescript/no-unsafe-type-assertion -- each has two halves, see above

const steps = list
  .prefault('app')
  .pipe(z.array(z.enum(PAGE_STEPS, { message: 'must be among app,sms,phone' })).min(1, { message: 'names no step' }));

/** The Lark or Feishu app. */
export const LARK = {
  // The platform's own client refuses any other form, silently (node-sdk 1.74.0).
  LARK_APP_ID: z
    .string()
    .regex(/^cli_[0-9a-fA-F]{16}$/u, { message: 'must be cli_ and 16 hexadecimal digits, as in the developer console' })
    .optional(),
  LARK_APP_SECRET: z.string().min(1).optional(),
  LARK_ENCRYPT_KEY: z.string().min(1).optional(),
  LARK_VERIFICATION_TOKEN: z.string().min(1).optional(),
  LARK_DOMAIN: z
    .union([z.enum(['feishu', 'lark']), url], { message: 'must be feishu, lark or an address' })
    .default('feishu'),
  LARK_MODE: z.enum(['websocket', 'webhook'], { message: 'must be websocket or webhook' }).default('websocket'),
  LARK_CLICK_ANSWER: z.enum(['card', 'toast'], { message: 'must be card or toast' }).default('card'),
  LARK_URGENT_AFTER: someDuration.refine((ms) => ms <= DURATION_CAP_MS, { message: 'must be at most 24h' }).optional(),
  LARK_URGENT_STEPS: steps,
  LARK_MONTHLY_CALLS: someNumber(1, 1_000_000_000).optional(),
  LARK_REACTIONS: reactions,
};

export const LARK_SECRETS = ['LARK_APP_SECRET', 'LARK_ENCRYPT_KEY', 'LARK_VERIFICATION_TOKEN'] as const;

/** What of it makes no sense together. */
export function larkFaults(values: Readonly<Record<string, string | undefined>>): readonly string[] {
  const has = (name: keyof typeof LARK): boolean => values[name] !== undefined;
  const faults: string[] = [];
  const needed = LARK_NEEDS_APP.filter(has);
  if (has('LARK_APP_ID') !== has('LARK_APP_SECRET'))
    faults.push('LARK_APP_ID and LARK_APP_SECRET belong together: set both, or neither');
  else if (!has('LARK_APP_ID') && needed.length > 0)
    faults.push(`${needed.join(', ')}: of no use without LARK_APP_ID and LARK_APP_SECRET`);
  // Without the token the console's challenge proves nothing, so it is not answered and the addresses cannot be saved.
  if (values['LARK_MODE'] === 'webhook' && !has('LARK_VERIFICATION_TOKEN'))
    faults.push('LARK_MODE=webhook needs LARK_VERIFICATION_TOKEN, and better LARK_ENCRYPT_KEY too');
  return faults;
}

const LARK_NEEDS_APP = [
  'LARK_ENCRYPT_KEY',
  'LARK_VERIFICATION_TOKEN',
  'LARK_URGENT_AFTER',
  'LARK_MONTHLY_CALLS',
] as const satisfies readonly (keyof typeof LARK)[];
