import { type Socket, connect } from 'node:net';

/** What a load run reports, latencies in ms. */
export interface LoadResult {
  readonly ok: number;
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
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly connections: number;
  /** Ends at whichever comes first. */
  readonly seconds: number;
  readonly requests?: number;
  /** Requests a second from the clock, whatever the answers do (open loop); absent: each connection as fast as it can. */
  readonly rate?: number;
  readonly body: (index: number) => string;
  /** Headers that depend on the body, e.g. a signature. */
  readonly sign?: (body: string) => string;
}

/** Bounded load on loopback over keep-alive sockets with prebuilt requests: cheap enough not to be what is measured. */
export async function runLoad(plan: LoadPlan): Promise<LoadResult> {
  const latencies: number[] = [];
  const counts = { ok: 0, refused: 0, failed: 0 };
  const startedAt = performance.now();
  const endsAt = startedAt + plan.seconds * 1000;
  const most = plan.requests ?? Number.POSITIVE_INFINITY;
  let sent = 0;

  const take = (): number | undefined => {
    if (sent >= most) return undefined;
    const due = plan.rate === undefined ? performance.now() : startedAt + (sent * 1000) / plan.rate;
    if (due >= endsAt) return undefined;
    sent += 1;
    return due;
  };
  const settle = (status: number, due: number): void => {
    latencies.push(performance.now() - due);
    if (status >= 200 && status < 300) counts.ok += 1;
    else if (status === 503) counts.refused += 1;
    else counts.failed += 1;
  };

  const head = headOf(plan);
  await Promise.all(
    Array.from({ length: plan.connections }, async () => {
      const line = await openLine(plan.port);
      for (let due = take(); due !== undefined; due = take()) {
        const index = sent;
        await waitUntil(due);
        const body = plan.body(index);
        const signature = plan.sign === undefined ? '' : `${plan.sign(body)}\r\n`;
        const length = Buffer.byteLength(body);
        settle(await line.ask(`${head}${signature}content-length: ${length}\r\n\r\n${body}`), due);
      }
      line.close();
    }),
  );
  const seconds = (performance.now() - startedAt) / 1000;
  latencies.sort((a, b) => a - b);
  const at = (share: number): number =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
  return {
    ...counts,
    seconds,
    perSecond: counts.ok / seconds,
    p50: at(0.5),
    p99: at(0.99),
    max: latencies.at(-1) ?? 0,
  };
}

const headOf = ({ path, headers }: LoadPlan): string =>
  `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n${Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}`;

async function waitUntil(due: number): Promise<void> {
  const wait = due - performance.now();
  if (wait > 0.5) await new Promise((resolve) => setTimeout(resolve, wait));
}

/** One keep-alive connection that carries one request at a time and reads only the status and the length. */
async function openLine(port: number) {
  const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true });
  let received = Buffer.alloc(0);
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
    const header = received.toString('latin1', 0, end);
    const length = Number(/content-length: (\d+)/i.exec(header)?.[1] ?? 0);
    if (received.length < end + 4 + length) return;
    received = received.subarray(end + 4 + length);
    finish(Number(header.slice(9, 12)));
  });
  socket.on('error', () => finish(0));
  socket.on('close', () => finish(0));
  await new Promise((resolve) => socket.once('connect', resolve).once('error', resolve));
  return {
    ask: (request: string) =>
      new Promise<number>((resolve) => {
        answer = resolve;
        if (socket.destroyed) finish(0);
        else socket.write(request);
      }),
    close: () => socket.destroy(),
  };
}
