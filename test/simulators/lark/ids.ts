import { randomBytes } from 'node:crypto';

/** The platform's ids: a prefix that says what it is, and hex behind it (reference, "Ids"). */
export type IdKind = 'om_' | 'oc_' | 'omt_' | 'ou_' | 'on_' | 't-' | 'c-';

export const makeId = (kind: IdKind): string => `${kind}${randomBytes(16).toString('hex')}`;

/** App ids are `cli_` and exactly 16 hex digits: the vendor's long connection silently refuses any other. */
export const makeAppId = (): string => `cli_${randomBytes(8).toString('hex')}`;

export const makeHex = (bytes: number): string => randomBytes(bytes).toString('hex');
