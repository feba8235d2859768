import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseMcpServers } from '../../../../src/diagnose/evidence/mcp/config.ts';

const none = (): string => {
  throw new Error('no file');
};
const parse = (value: unknown) => parseMcpServers(JSON.stringify(value), none);
const TOOLS = { search: { arguments: { query: '{service} errors' } } };

describe('MCP_SERVERS', () => {
  it('names servers by address and by program, with the tools that may be called', () => {
    const { servers, faults, secrets } = parse({
      grafana: { url: 'https://mcp.example/mcp', headers: { Authorization: 'Bearer t0ken' }, tools: TOOLS },
      files: { command: 'node', args: ['x.js'], env: { KEY: 's3cret' }, tools: { read: { families: ['disk'] } } },
    });
    expect(faults).toEqual([]);
    expect(servers).toEqual([
      {
        name: 'grafana',
        at: { kind: 'http', url: 'https://mcp.example/mcp', headers: { Authorization: 'Bearer t0ken' } },
        tools: [{ name: 'search', arguments: { query: '{service} errors' } }],
      },
      {
        name: 'files',
        at: { kind: 'stdio', command: 'node', args: ['x.js'], env: { KEY: 's3cret' } },
        tools: [{ name: 'read', arguments: {}, families: ['disk'] }],
      },
    ]);
    expect(secrets).toEqual(expect.arrayContaining(['t0ken', 's3cret']));
  });

  it('may be a path', () => {
    const read = (path: string): string =>
      path === '/etc/mcp.json' ? JSON.stringify({ a: { url: 'http://a/', tools: TOOLS } }) : none();
    expect(parseMcpServers(' /etc/mcp.json ', read).servers[0]?.name).toBe('a');
    expect(parseMcpServers('/etc/none.json', read).faults).toEqual([
      'MCP_SERVERS names a file that cannot be read: /etc/none.json',
    ]);
  });

  const url = 'https://mcp.example/';
  it.each([
    ['no JSON', '{"a": {"headers": {"x": "t0ken"} ,}', /^MCP_SERVERS is no valid JSON: look at line 1 column \d+$/],
    ['a list', '{"a": []}', /^MCP_SERVERS a: /],
    ['a name with blanks', { 'a b': { url, tools: TOOLS } }, /a b: a name must be/],
    ['neither address nor program', { a: { tools: TOOLS } }, /a: needs either url .* or command/],
    ['both', { a: { url, command: 'x', tools: TOOLS } }, /a: needs either/],
    ['headers for a program', { a: { command: 'x', headers: {}, tools: TOOLS } }, /a: needs either/],
    ['another kind of address', { a: { url: 'file:///etc', tools: TOOLS } }, /a\.url: must be an http/],
    ['a password in the address', { a: { url: 'https://u:t0ken@x/', tools: TOOLS } }, /a\.url: must hold no password/],
    ['no tools', { a: { url, tools: {} } }, /a: lists no tools/],
    ['tools forgotten', { a: { url } }, /a\.tools: /],
    ['a misspelt setting', { a: { url, tool: TOOLS, tools: TOOLS } }, /a: does not know tool/],
    [
      'a misspelt place',
      { a: { url, tools: { q: { arguments: { x: ['{servce}'] } } } } },
      /a\.tools\.q\.arguments: \{servce\} is no place/,
    ],
    ['a header that is no text', { a: { url, headers: { x: 1 }, tools: TOOLS } }, /a\.headers\.x: must be text/],
  ])('with %s is told in words, without its secrets', (_name, value, words) => {
    const { faults, servers } = parseMcpServers(typeof value === 'string' ? value : JSON.stringify(value), none);
    expect(servers).toEqual([]);
    expect(faults.join('\n')).toMatch(words);
    expect(faults.join('\n')).not.toContain('t0ken');
  });

  it('leaves the braces of query languages alone when they are doubled or hold more than a name', () => {
    const tools = { q: { arguments: { a: '{{pod}} {app="{service}"}', b: '{label.team}' } } };
    expect(parse({ a: { url, tools } }).faults).toEqual([]);
  });

  it.each(['mcp.md', 'mcp.zh-CN.md'])('are taken as %s has them', (page) => {
    const text = readFileSync(join(import.meta.dirname, '../../../../docs/diagnosis', page), 'utf8');
    const [, example = ''] = /^```json\n([\s\S]*?)^```$/m.exec(text) ?? [];
    const { servers, faults } = parseMcpServers(example, none);
    expect([servers.map(({ name }) => name), faults]).toEqual([['grafana', 'database'], []]);
  });
});
