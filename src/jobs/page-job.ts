import { parseIncidentId } from '../incident/id.ts';
import { pageNow, readTurn } from '../incident/paging.ts';
import type { Policy } from '../incident/ports.ts';
import type { Trx, Write } from '../store/database.ts';
import type { Clock } from '../types.ts';
import type { Job } from './policy-jobs.ts';
import type { DueWork, PagePlace, PageRows } from './ports.ts';

/** Between two calls to one person in one way, ms: in a storm of critical incidents a phone rings once, then again for what is left. */
const APART_MS = 5 * 60_000;

export interface PageJobDeps {
  readonly write: Write;
  readonly rows: PageRows;
  readonly policy: Policy;
  readonly clock: Clock;
}

/**
 * Writes a page for every place of an incident that still needs somebody, and when the next step is due. One transaction
 * with the end of its own row: a run that is repeated pages nobody twice, and an acknowledgement comes before or after.
 */
export const createPageJob =
  (deps: PageJobDeps): Job =>
  (work) =>
    deps.write('job', (trx) => page(trx, work, deps));

async function page(trx: Trx, work: DueWork, { rows, policy, clock }: PageJobDeps): Promise<void> {
  const id = parseIncidentId(work.subject);
  const turn = readTurn(work.payload);
  if (id === undefined || turn === undefined) return;
  const now = clock.now();
  const found = await rows.incident(trx, id, now);
  if (found === undefined || !(await rows.take(trx, work))) return;
  const due = pageNow(found.incident, turn, { now, policy, silenced: found.silenced });
  if (due === undefined) return;
  const called = await rows.calledSince(trx, id, due.step, now - APART_MS, now);
  const places = (await rows.places(trx, found.incident)).map((place) => uncalled(place, called));
  const wanted = places.filter((place) => place !== undefined);
  // Everybody's phone has just rung for another incident: this one's turn comes again.
  if (wanted.length === 0 && places.length > 0) return rows.schedule(trx, id, turn, now + APART_MS);
  for (const place of wanted) await rows.enqueue(trx, { ...place, incidentId: id, step: due.step, turn }, now);
  if (due.next !== undefined) await rows.schedule(trx, id, due.next.turn, due.next.at);
}

/** Without those who were called a moment ago; undefined when nobody else is there. A place without anybody stays: that is told. */
function uncalled({ targetId, people }: PagePlace, called: ReadonlySet<string>): PagePlace | undefined {
  const others = people.filter(({ id }) => !called.has(id));
  return others.length === 0 && people.length > 0 ? undefined : { targetId, people: others };
}
