import { type Socket, connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a load run reports, latencies in ms. */
export interface LoadResult {
  /** Requests answered 2xx, in the end. */
  readonly ok: number;
  /** Answers 503, each sent again when the plan says so. */
  readonly refused: number;
  readonly failed: number;
  readonly seconds: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export interface LoadPlan {
  readonly port: number;
  readonly connections: number;
  /** Whole requests as sent, prebuilt: what is measured is the server. */
  readonly requests: readonly Buffer[];
  /** Requests a second from the clock, whatever the answers do (open loop); absent: each connection as fast as it can. */
  readonly rate?: number;
  /** Sends what was answered 503 again, after the second that every 503 of ours asks for. */
  readonly retry?: boolean;
  /** Told when a request has its answer. */
  readonly answered?: (index: number, status: number) => void;
}

const RETRY_MS = 1000;
const MOST_TRIES = 60;

/**
 * Bounded load on loopback over keep-alive sockets. Latency counts from the moment a request was due when no
 * connection was free then, else from its sending, until its answer, retries included.
 */
export async function runLoad(plan: LoadPlan): Promise<LoadResult> {
  const { requests, rate, connections } = plan;
  const latencies: number[] = [];
  const counts = { ok: 0, refused: 0, failed: 0 };
  const lines = await Promise.all(Array.from({ length: connections }, () => openLine(plan.port)));
  const startedAt = performance.now();
  let next = 0;

  async function work(line: Line): Promise<void> {
    for (let index = next; index < requests.length; index = next) {
      next += 1;
      const due = rate === undefined ? 0 : startedAt + (index * 1000) / rate;
      const from = await sendingTime(due);
      const request = requests[index];
      if (request === undefined) return;
      const status = await askUntilTaken(line, request, plan.retry === true, counts);
      latencies.push(performance.now() - from);
      plan.answered?.(index, status);
      if (status >= 200 && status < 300) counts.ok += 1;
      else if (status !== 503) counts.failed += 1;
    }
  }
  await Promise.all(lines.map(work));
  const seconds = (performance.now() - startedAt) / 1000;
  for (const line of lines) line.close();
  latencies.sort((a, b) => a - b);
  const at = (share: number): number => latencies[Math.floor((latencies.length - 1) * share)] ?? 0;
  return { ...counts, seconds, perSecond: counts.ok / seconds, p50: at(0.5), p99: at(0.99), max: at(1) };
}

/** Waits until `due`. A late timer is the generator's delay and not the server's: it does not count. */
async function sendingTime(due: number): Promise<number> {
  const now = performance.now();
  if (due === 0) return now;
  if (due <= now) return due;
  await sleep(due - now);
  return performance.now();
}

async function askUntilTaken(
  line: Line,
  request: Buffer,
  retry: boolean,
  counts: { refused: number },
): Promise<number> {
  for (let tries = 1; ; tries += 1) {
    const status = await line.ask(request);
    if (status !== 503) return status;
    counts.refused += 1;
    if (!retry || tries === MOST_TRIES) return status;
    await sleep(RETRY_MS);
  }
}

interface Line {
  /** Status of the answer; 0 when the connection broke. */
  ask(request: Buffer): Promise<number>;
  close(): void;
}

/** One keep-alive connection that carries one request at a time and reads only the status and the length. */
async function openLine(port: number): Promise<Line> {
  const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true });
  let received: Buffer = Buffer.alloc(0);
  let answer: ((status: number) => void) | undefined;
  const finish = (status: number): void => {
    const settle = answer;
    answer = undefined;
    settle?.(status);
  };
  socket.on('data', (chunk) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    const end = received.indexOf('\r\n\r\n');
    if (end < 0) return;
    const head = received.toString('latin1', 0, end);
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
    if (received.length < end + 4 + length) return;
    received = received.subarray(end + 4 + length);
    finish(Number(head.slice(9, 12)));
  });
  socket.on('error', () => finish(0));
  socket.on('close', () => finish(0));
  await new Promise((resolve) => socket.once('connect', resolve).once('error', resolve));
  return {
    ask: (request) =>
      new Promise((resolve) => {
        answer = resolve;
        if (socket.destroyed) finish(0);
        else socket.write(request);
      }),
    close: () => socket.destroy(),
  };
}
