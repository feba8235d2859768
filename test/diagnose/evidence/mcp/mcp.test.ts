import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SourceFailed } from '../../../../src/diagnose/evidence/failure.ts';
import { mcpTools } from '../../../../src/diagnose/evidence/mcp/tools.ts';
import { type McpHttp, openMcpHttp } from '../../../support/mcp-http.ts';
import { aboutOf } from './about.ts';
import { closeAll, collect, overHttp, signal, sourceOf, tool } from './open.ts';
import { describeServer } from './suite.ts';

let http: McpHttp;
beforeEach(async () => {
  http = await openMcpHttp();
});
afterEach(async () => {
  await closeAll();
  http.close();
});

describeServer('HTTP', (...tools) => sourceOf(overHttp(http.url), ...tools));

describe('questions', () => {
  it('are asked only for their families, and only when the alert says what they need', async () => {
    const source = sourceOf(
      overHttp(http.url),
      tool('search', { arguments: { query: 'a' }, families: ['disk'] }),
      tool('search', { arguments: { query: '{namespace}' } }),
    );
    expect(await collect(source)).toEqual([]);
    expect(http.requests).toEqual([]);
    expect(await collect(source, aboutOf({ namespace: 'shop' }, { family: 'disk' }))).toHaveLength(2);
  });

  it('are not asked with what could change their meaning, and that is said', async () => {
    const [found] = await collect(
      sourceOf(overHttp(http.url), tool('search', { arguments: { query: 'app="{service}"' } })),
      aboutOf({ service: 'x" or "' }),
    );
    expect(found).toMatchObject({
      failed: true,
      text: "Not asked: the alert's service has characters that no query should be made of",
    });
    expect(http.asked).toEqual([]);
  });
});

describe('over HTTP', () => {
  const search = tool('search', { arguments: { query: 'a' } });

  it('the connection is kept, its credentials go along, and no stream is left open', async () => {
    const source = sourceOf(overHttp(http.url), search);
    await collect(source);
    await collect(source);
    const lines = http.requests.map(({ line }) => line);
    expect(lines.filter((line) => line.startsWith('GET'))).toEqual([]);
    // initialize, initialized, the list of tools, and two questions
    expect(lines).toHaveLength(5);
    expect(new Set(http.requests.map(({ authorization }) => authorization))).toEqual(new Set(['Bearer t0ken']));
    await source.close();
    expect(http.requests.at(-1)?.line).toBe('DELETE /mcp');
  });

  it('a session that the server forgot is begun anew', async () => {
    const source = sourceOf(overHttp(http.url), search);
    await collect(source);
    http.forget();
    expect((await collect(source))[0]?.text).toBe('found a\ntwice');
  });

  it('no redirect is followed, and no other address is asked', async () => {
    const other = await openMcpHttp();
    http.answer = (_req, res) => {
      res.writeHead(307, { location: other.url }).end();
      return true;
    };
    const refused = sourceOf(overHttp(http.url), search).collect(aboutOf(), signal());
    await expect(refused).rejects.toThrow(/redirect.*MCP_SERVERS/);
    expect(other.requests).toEqual([]);
    other.close();
  });

  it.each([
    [401, /refused us \(401\): check MCP_SERVERS/],
    [403, /refused us \(403\)/],
    [404, /404.*MCP_SERVERS/],
    [500, /answered 500/],
  ])('%i is said in words, without the token', async (status, words) => {
    http.answer = (_req, res) => {
      res.writeHead(status).end('Bearer t0ken was wrong');
      return true;
    };
    const failure = await sourceOf(overHttp(http.url), search)
      .collect(aboutOf(), signal())
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(SourceFailed);
    expect(String(failure)).toMatch(words);
    expect(String(failure)).not.toContain('t0ken');
  });

  it.each([
    ['a web page', '<html>hello</html>', 'text/html'],
    ['no JSON', '{"jsonrpc":', 'application/json'],
    ['another protocol', '{"hello":1}', 'application/json'],
    ['nothing', '', 'application/json'],
  ])('%s is a failure', async (_name, body, type) => {
    http.answer = (_req, res) => {
      res.writeHead(200, { 'content-type': type }).end(body);
      return true;
    };
    await expect(sourceOf(overHttp(http.url), search).collect(aboutOf(), signal())).rejects.toBeInstanceOf(
      SourceFailed,
    );
  });

  it('an answer without end is cut off at once, not at the deadline', async () => {
    let written = 0;
    http.answer = (_req, res) => {
      res.writeHead(200, { 'content-type': 'text/event-stream' });
      const write = (): void => {
        while (written < 64 * 1024 ** 2 && res.write('data: '.padEnd(65_536, 'x'))) written += 65_536;
        if (written < 64 * 1024 ** 2) res.once('drain', write);
      };
      write();
      return true;
    };
    const started = performance.now();
    await expect(sourceOf(overHttp(http.url), search).collect(aboutOf(), signal())).rejects.toThrow(/more than 4 MiB/);
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(written).toBeLessThan(32 * 1024 ** 2);
  });

  it('a server that is not there is named with what to check', async () => {
    http.close();
    await expect(sourceOf(overHttp(http.url), search).collect(aboutOf(), signal())).rejects.toThrow(
      /cannot be reached \(ECONNREFUSED\): check MCP_SERVERS/,
    );
  });
});

it('what changes things is never called', async () => {
  const input = { arguments: { query: 'x' } };
  const source = sourceOf(overHttp(http.url), tool('purge', input), tool('write', input));
  expect(await collect(source)).toHaveLength(2);
  expect(http.asked).toEqual([]);
});

describe('tools for a model', () => {
  it('are the listed ones, described by the server, with what was fixed kept fixed', async () => {
    const fixed = tool('search', { arguments: { query: '{service}', limit: 7 } });
    const source = sourceOf(overHttp(http.url), fixed, tool('purge'), tool('absent'));
    const down = sourceOf(overHttp('http://127.0.0.1:1/'), tool('search'));
    const [search, ...rest] = await mcpTools([source, down], signal());
    expect(rest).toEqual([]);
    expect(search).toMatchObject({ name: 'test__search', description: 'Search: Looks into the logs' });
    expect(search?.inputSchema).toMatchObject({ type: 'object', properties: { query: { type: 'string' } } });
    expect(await search?.call({ query: 'b', limit: 1000 }, signal())).toBe('found b\ntwice');
    expect(http.asked).toEqual([['search', { query: 'b', limit: 7 }]]);
    for (const input of ['x', [1], null, { query: 'x'.repeat(9000) }]) {
      await expect(search?.call(input, signal())).rejects.toBeInstanceOf(SourceFailed);
    }
    expect(http.asked).toHaveLength(1);
  });
});
