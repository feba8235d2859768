import { setTimeout as sleep } from 'node:timers/promises';
import type { ClickOutcome } from '../../simulators/lark/click.ts';
import { type LarkSimulator, startLarkSimulator } from '../../simulators/lark/simulator.ts';
import type { Message } from '../../simulators/lark/world.ts';
import { larkEnvironment } from '../../support/lark-environment.ts';
import { runLoad } from '../load.ts';
import { type Line, limitLine } from '../report.ts';
import { bindRooms } from '../rooms.ts';
import { median, progress, withServer } from '../rounds.ts';
import type { Server } from '../server.ts';
import { buildRequests } from '../workload.ts';

const ROUNDS = 5;
const INCIDENTS = 100;
/** What is pressed on each card, one after the other: each is legal after the one before. */
const ACTIONS = ['ack', 'resolve', 'reopen', 'ack', 'resolve'] as const;
const PER_SECOND = 50;
const IDLE_MS = 3000;
const GROUPS = 10;
/** A group takes about two first cards a second, the app sixteen. */
const PATIENCE_MS = 60_000;

/** 50 presses a second on a hundred cards over the long connection, and memory with the platform's client loaded. */
export async function lark(): Promise<readonly Line[]> {
  const [p99, idle]: [number[], number[]] = [[], []];
  for (let round = 1; round <= ROUNDS; round += 1) {
    const simulator = await startLarkSimulator();
    try {
      const environment = {
        ...larkEnvironment(simulator),
        STORM_PER_MINUTE: '1000',
      };
      await withServer(
        'zhiban',
        async (server) => {
          await connected(simulator);
          await sleep(IDLE_MS);
          idle.push(server.rssMb());
          // Only now: groups that are there at start are asked about first.
          await bindRooms(server.port, groupsOf(simulator));
          p99.push(await presses(server, simulator));
        },
        { environment },
      );
    } finally {
      await simulator.stop();
    }
    progress(`  round ${round}/${ROUNDS}: press p99 ${p99.at(-1)?.toFixed(1)} ms, idle ${idle.at(-1)?.toFixed(0)} MB`);
  }
  return [
    limitLine(`Lark: a press answered at ${PER_SECOND} presses/s, p99`, median(p99), 'ms', 300),
    limitLine('resident memory with Lark connected, idle', median(idle), 'MB', 190),
  ];
}

function groupsOf(simulator: LarkSimulator): readonly string[] {
  const people = [simulator.addUser('Li')];
  return Array.from({ length: GROUPS }, (_, room) => `lark:${simulator.addChat(`ops ${room}`, people).id}`);
}

async function connected({ connections }: LarkSimulator): Promise<void> {
  for (const from = performance.now(); connections.open().length === 0;) {
    if (performance.now() - from > PATIENCE_MS) throw new Error('no long connection came');
    await sleep(20);
  }
}

/** In an open loop: each press starts at its time, however long those before it take. */
async function presses(server: Server, simulator: LarkSimulator): Promise<number> {
  const requests = buildRequests('/api/alert', { kind: 'new', alerts: 1, count: INCIDENTS, rooms: GROUPS });
  const { ok } = await runLoad({ port: server.port, connections: 8, rate: 1000, requests });
  if (ok !== INCIDENTS) throw new Error(`${INCIDENTS - ok} alerts were refused`);
  const cards = await cardsIn(simulator);
  const [user] = simulator.world.users.values();
  if (user === undefined) throw new Error('nobody is there to press');
  const pressed: Promise<ClickOutcome>[] = [];
  const from = performance.now();
  for (const [index, { message, incidentId, action }] of plan(cards).entries()) {
    await sleep(Math.max(0, from + (index * 1000) / PER_SECOND - performance.now()));
    const button = { tag: 'button', value: { action, incident_id: incidentId } };
    pressed.push(simulator.clicks.press({ message, user, action: button }, simulator.transport('socket')));
  }
  const outcomes = await Promise.all(pressed);
  const failed = outcomes.filter(({ code, toast }) => code !== 0 || toast?.['type'] !== 'success');
  if (failed.length > 0) throw new Error(`${failed.length} presses failed: ${JSON.stringify(failed[0])}`);
  const found = outcomes.map(({ ms }) => ms).toSorted((one, other) => one - other);
  return found[Math.floor((found.length - 1) * 0.99)] ?? Number.NaN;
}

interface Card {
  readonly message: Message;
  readonly incidentId: string;
}

const plan = (cards: readonly Card[]) => ACTIONS.flatMap((action) => cards.map((card) => ({ ...card, action })));

/** The cards of all incidents, once they are in the chat. */
async function cardsIn({ world }: LarkSimulator): Promise<readonly Card[]> {
  for (const from = performance.now(); ; await sleep(50)) {
    const cards = [...world.messages.values()]
      .map((message) => ({ message, incidentId: /INC-[\d-]+/.exec(message.versions.at(-1) ?? '')?.[0] ?? '' }))
      .filter(({ incidentId }) => incidentId !== '');
    if (cards.length >= INCIDENTS) return cards;
    if (performance.now() - from > PATIENCE_MS) throw new Error(`only ${cards.length} cards came`);
  }
}
