import express from 'express';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { larkRouter } from '../../../../src/channels/lark/inbound/router.ts';
import { bytes, clickSigned, createWorld, encrypted, legacyClick, messageEvent, signed } from './world.ts';

let url: string;
let close: () => void;
let world: ReturnType<typeof createWorld>;

beforeEach(async () => {
  world = createWorld();
  const app = express().use('/lark', larkRouter(world.inbound));
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  close = () => {
    server.closeAllConnections();
    server.close();
  };
});
afterEach(() => close());

const type = { 'content-type': 'application/json;charset=utf-8' };
const send = (path: string, body: Buffer, headers: Record<string, string> = {}) =>
  fetch(url + path, { method: 'POST', body: new Uint8Array(body), headers: { ...type, ...headers } });

describe('the two addresses', () => {
  it('hand on the bytes as sent', async () => {
    const raw = Buffer.from(` ${encrypted(messageEvent()).toString()}\n`);
    const answer = await send('/lark/event', raw, signed(raw));
    expect([answer.status, await answer.json()]).toEqual([200, {}]);
    const click = bytes(legacyClick());
    const pressed = await send('/lark/card/action', click, clickSigned(click));
    expect([pressed.status, await pressed.json()]).toMatchObject([200, { toast: { type: 'success' } }]);
    expect(world.received.map(({ kind }) => kind)).toEqual(['message', 'press']);
  });

  it('do not care for the declared type, and tell the two apart', async () => {
    const click = bytes(legacyClick());
    const headers = clickSigned(click);
    expect((await send('/lark/card/action?x=1', click, { ...headers, 'content-type': 'text/plain' })).status).toBe(200);
    expect((await send('/lark/event', click, headers)).status).toBe(401);
  });

  it('take POST only', async () => {
    const answer = await fetch(`${url}/lark/event`);
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
  });

  it('refuse what is too long, packed, empty or elsewhere', async () => {
    expect((await send('/lark/event', Buffer.alloc(1024 ** 2 + 1))).status).toBe(413);
    expect((await send('/lark/event', Buffer.from('x'), { 'content-encoding': 'gzip' })).status).toBe(415);
    expect((await send('/lark/event', Buffer.alloc(0))).status).toBe(400);
    expect((await send('/lark/other', Buffer.alloc(0))).status).toBe(404);
    expect(world.received).toEqual([]);
  });
});
