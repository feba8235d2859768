import { describe, expect, it } from 'vitest';
import { listening, rawExchange } from './app.ts';

const GET = 'GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n';
const POST = 'POST /api/alert HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\n';

describe('a slow sender', () => {
  it('of headers is cut after 10 s, of a body after 30 s, each with 408; an idle one keeps its connection', async () => {
    const { port, arrivals } = await listening();
    const startedAt = Date.now();
    const [header, body, idle] = await Promise.all([
      rawExchange(port, (send) => send('POST /api/alert HTTP/1.1\r\nHost:'), 20_000),
      rawExchange(port, (send) => send(`${POST}{`), 45_000),
      rawExchange(
        port,
        (send) => {
          send(GET);
          setTimeout(() => send(GET), 34_000);
        },
        35_000,
      ),
    ]);
    expect([header, body].map((text) => text.slice(0, 12))).toEqual(['HTTP/1.1 408', 'HTTP/1.1 408']);
    expect(idle.match(/HTTP\/1\.1 200/g)).toHaveLength(2);
    expect(Date.now() - startedAt).toBeLessThan(40_000);
    expect(arrivals).toEqual([]);
  });
});
