import type { CallableTool } from '../../evidence/mcp/tools.ts';
import type { DataPolicy } from '../../redact/redactor.ts';
import type { Library } from '../ports.ts';
import { monitoringTools } from './monitoring.ts';
import { recordTools } from './records.ts';
import type { Tool, ToolContext } from './tool.ts';

/** What models ask by name; a name that is taken belongs to us. */
export type Toolbox = ReadonlyMap<string, Tool>;

/** Everything a model may look up here. Where only metadata may leave, that is metrics. */
export async function toolbox(
  library: Library,
  context: ToolContext,
  policy: DataPolicy,
  signal: AbortSignal,
): Promise<Toolbox> {
  const monitoring = monitoringTools(library.sources, context);
  const mine =
    policy === 'metadata_only'
      ? monitoring.filter(({ spec }) => spec.name === 'query_metrics')
      : [...monitoring, ...recordTools(library, context)];
  const theirs = policy === 'metadata_only' ? [] : await library.mcpTools(signal);
  const all = [...theirs.slice(0, MOST_FOREIGN).map((tool) => foreign(tool, context)), ...mine];
  return new Map(all.map((tool) => [tool.spec.name, tool]));
}

/** More would crowd the prompt out. */
const MOST_FOREIGN = 24;

/** Its server checks the input by a schema of its own. */
const foreign = ({ name, description, inputSchema, call }: CallableTool, { now }: ToolContext): Tool => ({
  spec: { name, description: description.slice(0, 600), parameters: inputSchema },
  run: async (input, signal) => [
    { source: `mcp:${name.split('__')[0] ?? ''}`, title: name, text: await call(input, signal), at: now },
  ],
});
