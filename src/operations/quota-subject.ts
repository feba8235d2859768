import { EACH, type QuotaSubject } from '../cards/usage.ts';
import type { Operators } from './operators-port.ts';
import { knownProvider } from './known-provider.ts';
import type { Providers } from './provider.ts';

const EXTERNAL = /^[a-z][a-z-]*:\S{1,200}$/;

export interface QuotaSubjectPorts {
  readonly operators: Pick<Operators, 'find' | 'byExternalId'>;
  readonly providers: Pick<Providers, 'list'>;
}

/**
 * Whom a quota is about, as it is stored: an operator's id for a name, an id or an account of theirs; an account nobody
 * is linked to as it is; a provider's name. What cannot be anybody comes back with words that say what to write.
 */
export async function quotaSubject(
  kind: QuotaSubject,
  subject: string,
  { operators, providers }: QuotaSubjectPorts,
): Promise<{ readonly subject: string } | { readonly fault: string }> {
  if (subject === EACH) return { subject };
  if (kind === 'provider') {
    const read = await knownProvider(subject, providers);
    return 'fault' in read ? { fault: `${read.fault}, or * for each` } : { subject: read.name };
  }
  const known = EXTERNAL.test(subject) ? await operators.byExternalId(subject) : await operators.find(subject);
  if (known !== undefined) return { subject: known.id };
  return EXTERNAL.test(subject)
    ? { subject }
    : { fault: `Nobody is called ${subject}; write channel:id, such as lark:ou_…, or * for each person` };
}
