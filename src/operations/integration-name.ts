/**
 * Part of the identity of alerts: what comes by the shared credentials, what people paste, and what we say of ourselves
 * have these; a sender of the same name could resolve theirs, and anybody in a chat could resolve its.
 */
const TAKEN: ReadonlySet<string> = new Set(['default', 'chat', 'zhiban']);

const NAME = /^[a-z0-9][a-z0-9._-]{0,62}$/;

/** Why a new integration may not be called so; undefined: it may. */
export function integrationNameFault(name: string): string | undefined {
  if (!NAME.test(name)) return 'write small letters, digits, . _ -, at most 63';
  return TAKEN.has(name) ? 'that name is ours already; choose another one' : undefined;
}
