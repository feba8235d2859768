import { join } from 'node:path';
import type { McpServer, McpTool } from '../../../../src/diagnose/evidence/mcp/config.ts';
import { type McpSource, createMcpSource } from '../../../../src/diagnose/evidence/mcp/source.ts';
import { NOW } from '../../world.ts';
import { aboutOf } from './about.ts';

const PROGRAM = join(import.meta.dirname, '..', '..', '..', 'support', 'mcp-stdio.ts');

export const tool = (name: string, more: Partial<McpTool> = {}): McpTool => ({ name, arguments: {}, ...more });

export const overHttp = (url: string): McpServer['at'] => ({
  kind: 'http',
  url,
  headers: { Authorization: 'Bearer t0ken' },
});

export const overStdio = (more: object = {}): McpServer['at'] => ({
  kind: 'stdio',
  command: process.execPath,
  args: ['--no-warnings', PROGRAM],
  env: { GIVEN: 'yes' },
  ...more,
});

const opened: McpSource[] = [];

export function sourceOf(at: McpServer['at'], ...tools: readonly McpTool[]): McpSource {
  const source = createMcpSource({ server: { name: 'test', at, tools }, fetch, clock: { now: () => NOW } });
  opened.push(source);
  return source;
}

export const closeAll = (): Promise<unknown> => Promise.all(opened.splice(0).map((source) => source.close()));

export const signal = (ms = 60_000): AbortSignal => AbortSignal.timeout(ms);

export const collect = (source: McpSource, about = aboutOf()) => source.collect(about, signal());
