import { type PageFault, PageRefused } from '../../errors.ts';
import type { Paged, PageRequest } from '../channel.ts';
import type { LarkApi, UrgentStep } from './api.ts';
import { isHookRef } from './hook.ts';

type Urgent = Pick<LarkApi, 'urgent'>;

/** Scopes by their names in the developer console (pages urgent_app, urgent_sms, urgent_phone). */
const SCOPES: Readonly<Record<UrgentStep, string>> = {
  app: 'im:message.urgent',
  sms: 'im:message.urgent:sms',
  phone: 'im:message.urgent:phone',
};

/** Platform fact: at most this many people a call. */
const MOST_PEOPLE = 200;

/** One person's trouble with which the platform refuses the whole call. */
const OF_ONE: ReadonlySet<PageFault> = new Set(['people', 'unread']);

/**
 * Buzzes people about the app's own message. When the platform refuses all because of one, each is called alone. What it
 * does with an equal call that comes again (a second buzz, or none) is on no page: unverified, so none is made here.
 */
export async function pagePeople(api: Urgent, request: PageRequest, signal: AbortSignal): Promise<Paged> {
  const people = request.people.slice(0, MOST_PEOPLE);
  if (isHookRef(request.ref)) throw new PageRefused('a custom bot posted this card, which cannot page', 'allowance');
  try {
    return { refused: await urgent(api, request, people, signal) };
  } catch (error) {
    if (people.length < 2 || !(error instanceof PageRefused) || !OF_ONE.has(error.fault)) throw error;
    const refused = await oneByOne(api, request, people, signal);
    if (refused.length === people.length) throw error;
    return { refused };
  }
}

/** Once somebody was reached no error is thrown any more, since whoever tries again would call that person again. */
async function oneByOne(
  api: Urgent,
  request: PageRequest,
  people: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const refused: string[] = [];
  for (const [at, id] of people.entries()) {
    try {
      refused.push(...(await urgent(api, request, [id], signal))); // oxlint-disable-line no-await-in-loop -- 5 a second for a group
    } catch (error) {
      const known = error instanceof PageRefused && OF_ONE.has(error.fault);
      if (!known && refused.length === at) throw error;
      refused.push(id);
    }
  }
  return refused;
}

async function urgent(
  api: Urgent,
  { ref, step }: PageRequest,
  people: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  try {
    return await api.urgent(ref, step, people, signal);
  } catch (error) {
    if (!(error instanceof PageRefused) || error.fault !== 'permission') throw error;
    throw new PageRefused(error.message, 'permission', { cause: error.cause, needs: SCOPES[step] });
  }
}
