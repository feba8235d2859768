import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decodeBody, unpack } from '../../src/ingest/decode.ts';
import { BadBody, BodyTooLarge, UnsupportedBody } from '../../src/ingest/refusals.ts';

const bytes = (text: string): Buffer => Buffer.from(text);

describe('the value of a body', () => {
  it.each([
    ['application/json', '{"a":1}'],
    ['application/json; charset=utf-8', '{"a":1}'],
    ['application/cloudevents+json', '{"a":1}'],
    ['text/plain; charset=UTF-8', ' {"a":1}\n'],
    [undefined, '{"a":1}'],
    ['application/octet-stream', '{"a":1}'],
    ['application/x-www-form-urlencoded', '{"a":1}'],
    ['application/x-www-form-urlencoded', 'payload=%7B%22a%22%3A1%7D&other=2'],
    ['application/json', '\ufeff{"a":1}'],
  ])('is JSON as %s', (type, text) => {
    expect(decodeBody(bytes(text), type)).toEqual({ a: 1 });
  });

  it('is the fields of a form, the first of each name, without a prototype', () => {
    const fields = decodeBody(
      bytes('message=a+b&sender_id=1&message=c&__proto__=x'),
      'application/x-www-form-urlencoded',
    );
    expect(Object.entries(fields as object)).toEqual([
      ['message', 'a b'],
      ['sender_id', '1'],
      ['__proto__', 'x'],
    ]);
    expect(Object.getPrototypeOf(fields)).toBeNull();
  });

  it.each([
    ['application/json', '{"a":', BadBody],
    ['application/json', '', BadBody],
    [undefined, 'hello', BadBody],
    ['application/x-www-form-urlencoded', 'payload=nonsense', BadBody],
    ['application/xml', '<a/>', UnsupportedBody],
    ['multipart/form-data; boundary=x', '--x', UnsupportedBody],
  ])('is refused as %s: %s', (type, text, refusal) => {
    expect(() => decodeBody(bytes(text), type)).toThrow(refusal);
  });

  it('is refused when it is not UTF-8', () => {
    expect(() => decodeBody(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), 'application/json')).toThrow(/UTF-8/);
  });

  it('stays out of the message of its refusal', () => {
    expect(() => decodeBody(bytes('{"password":"hunter2-secret" oops'), undefined)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
    );
  });
});

describe('a packed body', () => {
  const text = bytes(JSON.stringify({ a: 'x'.repeat(1000) }));

  it.each([
    ['gzip', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['br', brotliCompressSync(text)],
    ['GZIP', gzipSync(text)],
  ])('is unpacked from %s', async (encoding, packed) => {
    expect((await unpack(packed, encoding, 10_000)).equals(text)).toBe(true);
  });

  it.each([
    ['gzip', gzipSync(Buffer.alloc(50_000_000))],
    ['br', brotliCompressSync(Buffer.alloc(50_000_000), { params: { 1: 1 } })],
  ])('that is a bomb in %s is refused at the limit', async (encoding, packed) => {
    const before = process.memoryUsage().arrayBuffers;
    await expect(unpack(packed, encoding, 1_000_000)).rejects.toThrow(BodyTooLarge);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20_000_000);
  });

  it('that is broken or of another kind is refused', async () => {
    await expect(unpack(bytes('no'), 'gzip', 1000)).rejects.toThrow(BadBody);
    await expect(unpack(text, 'zstd', 1000)).rejects.toThrow(UnsupportedBody);
    await expect(unpack(text, 'gzip, gzip', 1000)).rejects.toThrow(UnsupportedBody);
  });
});
