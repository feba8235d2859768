import { z } from 'zod';

/** The fact by which a spent allowance is remembered. */
export const allowanceFact = (appId: string): string => `lark_allowance:${appId}`;

const Remembered = z.object({ month: z.string(), at: z.number() });

/** The month (`2026-11`) and when the platform refused; undefined when nothing is spent. Throws for what is no JSON. */
export const readAllowanceFact = (text: string | undefined) => Remembered.safeParse(JSON.parse(text ?? 'null')).data;
