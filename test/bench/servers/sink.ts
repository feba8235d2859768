import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A chat platform that takes everything at once; `GET /` tells how many cards it took. */
let taken = 0;
const server = createServer((request, response) => {
  request.resume().once('end', () => {
    if (request.method !== 'GET') taken += 1;
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ ref: `m${taken}`, taken }));
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.stdout.write(`ready ${(server.address() as AddressInfo).port}\n`));
