import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createBodyReader } from '../../src/http/body.ts';
import { decodeBody } from '../../src/ingest/decode.ts';
import { ALERTS, listening } from '../http/app.ts';
import { workedFor } from '../support/worked.ts';

const MB = 1024 ** 2;

/** As much of a request as the reader looks at. */
const requestOf = (): PassThrough & IncomingMessage => Object.assign(new PassThrough(), { headers: {} }) as never;

describe('bodies on their way in', () => {
  it('together never hold more than the total, and the next is told to come again', async () => {
    const read = createBodyReader(100, 150);
    const [first, second, third] = [requestOf(), requestOf(), requestOf()];
    const reads = [read(first), read(second)];
    first.write(Buffer.alloc(90));
    await sleep(1);
    second.write(Buffer.alloc(90));
    await expect(reads[1]).rejects.toMatchObject({ code: 'overloaded' });
    first.end();
    expect(await reads[0]).toHaveLength(90);
    const next = read(third);
    third.end(Buffer.alloc(100));
    expect(await next, 'what is done no longer counts').toHaveLength(100);
  });

  it('of senders who went away no longer count', async () => {
    const read = createBodyReader(100, 100);
    for (let n = 0; n < 5; n += 1) {
      const request = requestOf();
      const reading = read(request);
      request.write(Buffer.alloc(90));
      await sleep(1);
      request.destroy(new Error('gone'));
      await expect(reading).rejects.toMatchObject({ code: 'bad_body' });
    }
  });

  it('a stranger who only claims to have signed cannot fill the memory', async () => {
    const { port, post } = await listening({
      config: { ALERT_HMAC_SECRET: ['a-secret-of-this-test'], ALERT_API_KEYS: ['key-1'] },
    });
    const head = `POST /api/alert HTTP/1.1\r\nHost: localhost\r\nX-Signature: ${'0'.repeat(64)}\r\nContent-Length: ${10 * MB}\r\n\r\n`;
    const answers: string[] = [];
    const sockets = Array.from({ length: 14 }, () => connect(port, '127.0.0.1'));
    onTestFinished(() => sockets.forEach((socket) => socket.destroy()));
    for (const socket of sockets) {
      socket.on('error', () => undefined).on('data', (chunk: Buffer) => answers.push(chunk.toString().slice(0, 12)));
      socket.write(head);
      socket.write(Buffer.alloc(10 * MB - 1));
    }
    await expect.poll(() => answers).toContain('HTTP/1.1 503');
    expect(answers.length, 'the others are still being read').toBeLessThan(14);
    sockets.forEach((socket) => socket.destroy());
    await expect.poll(async () => (await post('/api/alert', ALERTS, { 'x-api-key': 'key-1' })).status).toBe(200);
  });
});

describe('a body that is a bomb', () => {
  const bombs: Readonly<Record<string, string>> = {
    'five million lists in each other': '['.repeat(5e6) + ']'.repeat(5e6),
    'a million objects in each other': `${'{"a":'.repeat(1e6)}1${'}'.repeat(1e6)}`,
    'three million empty objects': `[${'{},'.repeat(3e6)}{}]`,
    'a million keys': `{${Array.from({ length: 700_000 }, (_, n) => `"k${n}":1`).join(',')}}`,
    'lists behind a quote that is escaped': `["\\\\","\\"",${'['.repeat(2e6)}`,
  };
  it.each(Object.keys(bombs))('of %s is refused before it is parsed', (name) => {
    const raw = Buffer.from(bombs[name] ?? '');
    const refused = (): void =>
      expect(() => decodeBody(raw, 'application/json')).toThrow(/more than 500000 values|nested deeper/);
    expect(workedFor(refused)).toBeLessThan(100);
  });

  it('is none when its brackets stand in texts', () => {
    const text = '[{,"\\'.repeat(200_000);
    expect(decodeBody(Buffer.from(JSON.stringify({ text })), 'application/json')).toEqual({ text });
  });

  it('is none when it holds as many alerts as we read, with all their labels', () => {
    const labels = Object.fromEntries(Array.from({ length: 64 }, (_, n) => [`l${n}`, `${n}`]));
    const alerts = Array.from({ length: 5000 }, () => ({ status: 'firing', labels }));
    expect(decodeBody(Buffer.from(JSON.stringify({ alerts })), undefined)).toMatchObject({ alerts: { length: 5000 } });
  });
});
