import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEntrance, from } from './app.ts';

const TYPES = ['application/json', 'text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'x', ''];
const PATHS = ['/api/alert', '/api/alert/custom', '/api/alert/grafana', '/api/v2/alerts', '/api/alert/unknown'];

describe('any bytes at the alert entrance', () => {
  it('are accepted or are the sender’s fault, never ours', async () => {
    const { http } = createEntrance();
    const body = fc.oneof(fc.string({ unit: 'binary' }), fc.json(), fc.webQueryParameters());
    await fc.assert(
      fc.asyncProperty(body, fc.constantFrom(...TYPES), fc.constantFrom(...PATHS), async (text, type, path) => {
        const headers = { host: 'localhost', 'content-type': type };
        const { status } = await from('127.0.0.1', http.handler, { method: 'POST', path, headers, body: text });
        expect([200, 202, 400, 415]).toContain(status);
      }),
      { numRuns: 150 },
    );
  });
});
