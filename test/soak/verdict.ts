import { setTimeout as sleep } from 'node:timers/promises';
import type { RecordedCall } from '../support/recorder.ts';
import { type ShownCard, callApi, cardsOf, listApi } from '../support/replicas.ts';
import { BURST_ROOM, type Senders } from './senders.ts';
import type { Subject } from './subject.ts';

interface IncidentJson {
  readonly id: string;
  readonly status: 'open' | 'acknowledged' | 'resolved';
  readonly revision: number;
  readonly labels: Readonly<Record<string, string>>;
}

export interface Verdict {
  /** Acknowledged alerts whose card is missing or says something else. */
  readonly lost: readonly string[];
  /** Cards that do not show their incident as it is. */
  readonly untrue: readonly string[];
  /** Incidents with more than one card in a room. */
  readonly extra: readonly string[];
  /** Alerts with several unresolved incidents. */
  readonly doubled: readonly string[];
  /** Notes that were answered and are missing, or stand there twice. */
  readonly presses: readonly string[];
}

export const isFine = (verdict: Verdict): boolean => Object.values(verdict).every((list) => list.length === 0);

/** Incidents go on changing by themselves (reminders): a card has this long to follow. */
const FOLLOW_MS = 2000;

/** Compares what the senders know, what the recorder took, and what the server says. */
export async function judge(
  url: string,
  senders: Senders,
  ledger: () => Promise<readonly RecordedCall[]>,
): Promise<Verdict> {
  const incidents = await listApi<IncidentJson>(url, '/incidents');
  await sleep(FOLLOW_MS);
  const byId = new Map(incidents.map((incident) => [incident.id, incident]));
  const calls = await ledger();
  const cards = cardsOf(calls);
  const gone = new Set(calls.filter(({ outcome }) => outcome === 'gone').map(({ room }) => room));
  const byName = new Map<string, IncidentJson[]>();
  for (const incident of incidents) {
    const name = incident.labels['alertname'] ?? '';
    byName.set(name, [...(byName.get(name) ?? []), incident]);
  }
  return {
    lost: senders.subjects.flatMap((subject) => lostOf(subject, cards, byName.get(subject.name) ?? [], gone)),
    untrue: cards.flatMap((card) => untrueOf(card, byId.get(card.incidentId))),
    extra: cards
      .filter(({ refs }) => refs.size > 1)
      .map((card) => `${card.incidentId} in ${card.room}: ${card.refs.size}`),
    doubled: [...byName].filter(([, list]) => list.filter(isOpen).length > 1).map(([name]) => name),
    presses: await wrongNotes(url, senders.notes),
  };
}

const isOpen = ({ status }: IncidentJson): boolean => status !== 'resolved';

/** `gone`: rooms that were gone for a while; what began and ended meanwhile is not shown there afterwards. */
function lostOf(
  subject: Subject,
  cards: readonly ShownCard[],
  incidents: readonly IncidentJson[],
  gone: ReadonlySet<string>,
): readonly string[] {
  const { name, acknowledged, room, opened } = subject;
  if (!opened) return [];
  if (incidents.length === 0) return [`${name}: no incident`];
  const card = cards.findLast((one) => one.room === room && one.title.includes(name));
  if (subject.byHand || (room === BURST_ROOM && card === undefined)) return [];
  if (card === undefined && gone.has(room) && acknowledged === 'resolved') return [];
  if (card === undefined) return [`${name}: ${acknowledged}, no card in ${room}`];
  const over = acknowledged === 'resolved';
  return over === (card.tone === 'resolved') ? [] : [`${name}: ${acknowledged}, card is ${card.tone}`];
}

function untrueOf({ incidentId, room, tone, rev }: ShownCard, incident: IncidentJson | undefined): readonly string[] {
  if (incident === undefined) return [`${incidentId}: unknown`];
  if (rev > incident.revision || (rev === incident.revision && (tone === 'resolved') === !isOpen(incident))) return [];
  return [`${incidentId} in ${room}: ${tone} at ${rev}, is ${incident.status} at ${incident.revision}`];
}

async function wrongNotes(url: string, notes: Senders['notes']): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const incidentId of new Set(notes.map((note) => note.incidentId))) {
    const timeline = await listApi<{ readonly kind: string; readonly data: unknown }>(
      url,
      `/incidents/${incidentId}/timeline`,
    );
    const words = timeline.map(({ data }) => JSON.stringify(data)).join('\n');
    for (const note of notes.filter((one) => one.incidentId === incidentId)) {
      const times = words.split(note.text).length - 1;
      if (times > 1 || (note.answered && times === 0)) wrong.push(`${incidentId}: "${note.text}" ${times} times`);
    }
  }
  return wrong;
}

/** Makes the rooms and routes alerts to them by their label. */
export async function bindRooms(url: string, rooms: readonly string[]): Promise<void> {
  for (const room of rooms) {
    const address = `recorder:${room}`;
    const known = (await listApi<{ readonly id: string; readonly address: string }>(url, '/targets')).find(
      (target) => target.address === address,
    );
    const { id } = known ?? (await callApi<{ readonly id: string }>(url, 'POST', '/targets', { name: room, address }));
    const matchers = [{ name: 'team', op: '=', value: room }];
    await callApi(url, 'POST', '/bindings', { matchers, target_id: id });
  }
}
