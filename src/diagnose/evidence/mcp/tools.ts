import type { Tool } from '@modelcontextprotocol/sdk/types.js';
import { isJsonObject, type JsonObject } from '../../json.ts';
import { SourceFailed } from '../failure.ts';
import type { McpTool } from './config.ts';
import { hasPlaces } from './places.ts';
import type { McpSource } from './source.ts';
import { type Said, describe, schemaOf } from './tool-text.ts';

/** A tool for a model that answers questions. */
export interface CallableTool {
  /** `grafana__query_logs`: letters, digits, _ and -, at most 64. */
  readonly name: string;
  /** The server's own words: untrusted. */
  readonly description: string;
  /** JSON Schema of the input, by the server's own account. */
  readonly inputSchema: JsonObject;
  /** The text of the result, untrusted, bounded. Rejects with `SourceFailed`. */
  call(input: unknown, signal: AbortSignal): Promise<string>;
}

const MOST_INPUT = 8192;

/** The tools of all servers; one that does not answer has none. */
export async function mcpTools(sources: readonly McpSource[], signal: AbortSignal): Promise<readonly CallableTool[]> {
  const each = await Promise.allSettled(sources.map((source) => source.tools(signal)));
  return each.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
}

/** A listed tool as a model may call it. */
export function callable(
  server: string,
  tool: McpTool,
  own: Tool,
  ask: (input: JsonObject, signal: AbortSignal) => Promise<Said>,
): CallableTool {
  // What whoever configured us has fixed is no model's to change.
  const fixed = Object.fromEntries(Object.entries(tool.arguments).filter(([, value]) => !hasPlaces(value)));
  return {
    name: `${server}__${tool.name}`.replaceAll(/[^\w-]/g, '_').slice(0, 64),
    description: describe(own),
    inputSchema: schemaOf(own),
    call: async (input, signal) => (await ask({ ...inputOf(`mcp:${server}`, input), ...fixed }, signal)).text,
  };
}

function inputOf(source: string, input: unknown): JsonObject {
  if (!isJsonObject(input)) throw new SourceFailed(source, { kind: 'other', said: 'the input must be an object' });
  const text = JSON.stringify(input);
  if (text.length > MOST_INPUT) throw new SourceFailed(source, { kind: 'other', said: 'the input is too long' });
  return input;
}
