/** Lines from a seed: the same seed gives the same lines. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export interface NoiseLine {
  readonly at: number;
  readonly text: string;
  readonly service: string;
  readonly pod: string;
}

const SERVICES = ['checkout', 'payment', 'catalog', 'cart'];

/** Busy, normal logs: access lines, constant errors that mean nothing, words of trouble in harmless lines. */
export function noise(count: number, { seed, from, to }: { seed: number; from: number; to: number }): NoiseLine[] {
  const random = createRandom(seed);
  const number = (below: number): number => Math.floor(random() * below);
  const hex = (length: number): string => Array.from({ length }, () => number(16).toString(16)).join('');
  const kinds: ((at: number, service: string) => string)[] = [
    (at, s) =>
      `${new Date(at).toISOString()} INFO  [${s}] GET /api/v1/orders/${number(99_999)} 200 in ${number(400)}ms`,
    (at, s) =>
      JSON.stringify({
        time: new Date(at).toISOString(),
        level: 'info',
        msg: `request served`,
        service: s,
        trace_id: hex(32),
        ms: number(900),
      }),
    (at, s) => `level=info ts=${new Date(at).toISOString()} msg="cache refreshed" service=${s} keys=${number(5000)}`,
    (at, s) =>
      `${new Date(at).toISOString()} WARN  [${s}] slow query took ${number(900)}ms: connection pool size ${number(90)}/100`,
    (at, s) =>
      `${new Date(at).toISOString()} ERROR [${s}] failed to send metrics to 10.0.${number(250)}.${number(250)}:4317: connection refused`,
    (at, s) =>
      JSON.stringify({
        time: new Date(at).toISOString(),
        level: 'error',
        msg: 'token validation failed',
        service: s,
        user: `u-${hex(8)}`,
        error: 'jwt expired',
      }),
    (at, s) =>
      `${new Date(at).toISOString()} ERROR [${s}] timeout while calling recommendation id=${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}`,
    (at) =>
      `10.2.${number(250)}.${number(250)} - - [${new Date(at).toISOString()}] "GET /healthz HTTP/1.1" 200 ${number(99)}`,
  ];
  return Array.from({ length: count }, (_, index) => {
    const at = Math.floor(from + ((to - from) * index) / count);
    const service = SERVICES[number(SERVICES.length)] ?? 'checkout';
    const kind = kinds[number(kinds.length)];
    return { at, text: kind?.(at, service) ?? '', service, pod: `${service}-7d9f8b6c5-${'abcde'.at(number(5))}x2k4` };
  });
}
