import { ok } from './answer.ts';
import type { Routes } from './routes.ts';

/** What the tenant's admin has granted to the app; a scope that is not in here the app never asked for. */
export type Scopes = Map<string, boolean>;

/** Those of an app that was set up with care. */
const USUAL = [
  'im:message:send_as_bot',
  'im:message.group_at_msg:readonly',
  'im:message.p2p_msg:readonly',
  'im:message.reactions:read',
  'im:chat:readonly',
];

export const createScopes = (): Scopes => new Map(USUAL.map((name) => [name, true]));

/** `application/v6/scopes`: 1 granted, 2 asked for and not granted; needs no scope itself. */
export const scopeRoutes = (scopes: Scopes): Routes => ({
  'GET /open-apis/application/v6/scopes': () =>
    ok({ scopes: [...scopes].map(([name, granted]) => ({ scope_name: name, grant_status: granted ? 1 : 2 })) }),
});
