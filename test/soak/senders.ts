import { setTimeout as sleep } from 'node:timers/promises';
import { type AlertState, groupBody, postAlerts } from '../support/fault-bench.ts';
import { type Replica, callApi } from '../support/replicas.ts';
import type { Random } from './random.ts';
import { type Subject, newSubject } from './subject.ts';

export const ROOMS = ['room-0', 'room-1', 'room-2', 'room-3'] as const;
export const BURST_ROOM = 'room-burst';
const SUBJECTS = 120;
const WORKERS = 6;
const BURST = 150;
/** Share of requests that two replicas get at the same time. */
const RACES = 0.15;

interface AcceptedBody {
  readonly data: { readonly incidents: readonly { readonly id: string }[] };
}

/** Senders of alerts and people who press, with the ledgers of what was answered. */
export function createSenders(replicas: readonly Replica[], random: Random, severity = 'critical') {
  const subjects = Array.from({ length: SUBJECTS }, (_, at) =>
    newSubject(`Soak-${at}-end`, ROOMS[at % ROOMS.length] ?? 'room-0', { byHand: at % 6 === 5 }),
  );
  const notes: { readonly incidentId: string; readonly text: string; answered: boolean }[] = [];
  const counts = { acks: 0, presses: 0, unanswered: 0, bursts: 0 };

  /** One request; true when it was answered with 200. */
  async function post(subject: Subject, state: AlertState, replica: Replica): Promise<boolean> {
    try {
      const response = await postAlerts(
        replica.url(),
        groupBody(subject.name, state, [{ team: subject.room, severity }]),
      );
      if (response.status !== 200) {
        counts.unanswered += 1;
        return false;
      }
      const answer = (await response.json()) as AcceptedBody;
      subject.incidentId = answer.data.incidents[0]?.id ?? subject.incidentId;
      subject.acknowledged = state;
      subject.opened ||= state === 'firing';
      counts.acks += 1;
      return true;
    } catch {
      counts.unanswered += 1;
      subject.doubtful = true;
      return false;
    }
  }

  async function send(subject: Subject, state: AlertState): Promise<boolean> {
    subject.wanted = state;
    const asked = random.next() < RACES ? replicas : [random.pick(replicas)];
    const taken = await Promise.all(asked.map((replica) => post(subject, state, replica)));
    // An earlier state was acknowledged and this one was not: what is stored is unknown until it is told again.
    return taken.includes(true);
  }

  async function press(subject: Subject): Promise<void> {
    const { incidentId } = subject;
    if (incidentId === undefined) return;
    const usual = ['ack', 'assign', 'note', 'rediagnose'];
    const action = random.pick(subject.byHand ? [...usual, 'resolve', 'reopen'] : usual);
    const text = `noted ${notes.length} by the soak`;
    const note = { incidentId, text, answered: false };
    if (action === 'note') notes.push(note);
    try {
      const body = { action, actor: random.pick(['Lin', 'Chen', 'Zhao']), ...(action === 'note' ? { text } : {}) };
      await callApi(random.pick(replicas).url(), 'POST', `/incidents/${incidentId}/actions`, body);
      note.answered = true;
      counts.presses += 1;
    } catch {
      // A refusal, or a server that was killed: nothing was promised.
    }
  }

  async function work(own: readonly Subject[], signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const subject = random.pick(own);
      const dice = random.next();
      if (dice < 0.15) await press(subject);
      else if (dice < 0.4) await send(subject, subject.wanted ?? 'firing');
      else await send(subject, subject.wanted === 'firing' ? 'resolved' : 'firing');
      await sleep(random.between(10, 250));
    }
  }

  /** Many new alerts at once, over as soon as the last was sent. */
  async function burst(): Promise<void> {
    const at = (counts.bursts += 1);
    const made = Array.from({ length: BURST }, (_, index) =>
      newSubject(`Burst-${at}-${index}-end`, BURST_ROOM, { burst: true }),
    );
    subjects.push(...made);
    for (const state of ['firing', 'resolved'] as const) {
      for (let from = 0; from < made.length; from += 16) {
        await Promise.all(made.slice(from, from + 16).map((subject) => send(subject, state)));
      }
    }
  }

  async function tell(subject: Subject, state: AlertState): Promise<void> {
    for (let tries = 0; !(await send(subject, state)); tries += 1) {
      if (tries > 50) throw new Error(`${subject.name} was never acknowledged`);
      await sleep(100);
    }
  }

  return {
    subjects,
    notes,
    counts,
    burst,
    run: async (signal: AbortSignal) => {
      const lanes = Array.from({ length: WORKERS }, (_, lane) => subjects.filter((_one, at) => at % WORKERS === lane));
      await Promise.all(lanes.map((own) => work(own, signal)));
    },
    /** As Alertmanager repeats: what was not answered in its latest state, and what may be stored out of order. */
    settle: async () => {
      for (const subject of subjects) {
        const { wanted, acknowledged, doubtful } = subject;
        if (wanted !== undefined && (doubtful || wanted !== acknowledged)) await tell(subject, wanted);
      }
    },
  };
}

export type Senders = ReturnType<typeof createSenders>;
