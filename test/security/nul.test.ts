import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { describe, expect, it, onTestFinished } from 'vitest';
import { jsonBody } from '../../src/console/json-body.ts';
import { listening } from '../http/app.ts';

describe('what PostgreSQL cannot store', () => {
  it.each(['/page/%00', '/page?q=%00', '/%00'])('never reaches a room by the address %s', async (path) => {
    const reached: string[] = [];
    const { get } = await listening({
      mounts: [{ path: '/', guard: 'open', handler: (req, res) => void res.end(String(reached.push(req.url))) }],
    });
    expect((await get(path)).status).toBe(404);
    expect(reached).toEqual([]);
  });

  it('is taken out of the texts of a body', async () => {
    const app = express().post('/', jsonBody({ limit: '1kb' }), (req, res) => void res.json(req.body));
    const server = app.listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const answered = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: String.raw`{"a":"x\u0000y\ud800","list":["\u0000",1,null,{"b":"值班 😀"}]}`,
    });
    expect(await answered.json()).toEqual({ a: 'xy\ufffd', list: ['', 1, null, { b: '值班 😀' }] });
  });
});
