import { z } from 'zod';
import type { JsonObject } from '../../json.ts';
import { PLACES, unknownPlaces } from './places.ts';

/** An MCP server that may be asked, and what it may be asked. */
export interface McpServer {
  readonly name: string;
  readonly at: HttpServer | LocalServer;
  readonly tools: readonly McpTool[];
}

/** Streamable HTTP. */
export interface HttpServer {
  readonly kind: 'http';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A program of this machine, started without a shell, spoken to by its standard input and output. */
export interface LocalServer {
  readonly kind: 'stdio';
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** A tool that whoever configures us declares to change nothing. */
export interface McpTool {
  readonly name: string;
  /** With `{place}`s in its texts. */
  readonly arguments: JsonObject;
  /** Alert families it is asked about; of all when absent. */
  readonly families?: readonly string[];
}

export interface ParsedServers {
  readonly servers: readonly McpServer[];
  /** In words an operator can act on, without secrets. */
  readonly faults: readonly string[];
  /** Values of headers and environments, to be masked wherever text goes out. */
  readonly secrets: readonly string[];
}

/** Reads `MCP_SERVERS`: JSON, or the path of a file that holds it. Never throws. */
export function parseMcpServers(text: string, readFile: (path: string) => string): ParsedServers {
  const source = text.trim();
  if (source.startsWith('{')) return parse(source);
  try {
    return parse(readFile(source));
  } catch {
    return faulty(`names a file that cannot be read: ${source.slice(0, 200)}`);
  }
}

const faulty = (...faults: readonly string[]): ParsedServers => ({
  servers: [],
  faults: faults.map((fault) => `MCP_SERVERS ${fault}`),
  secrets: [],
});

function parse(text: string): ParsedServers {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    // The parser's own words quote what it read, which may be a secret.
    const [place = ''] = /line \d+ column \d+/.exec(error instanceof Error ? error.message : '') ?? [];
    return faulty(`is no valid JSON${place === '' ? '' : `: look at ${place}`}`);
  }
  const read = Servers.safeParse(value);
  if (!read.success) return faulty(...read.error.issues.slice(0, 10).map(faultOf));
  const servers = Object.entries(read.data).map(([name, server]) => ({ name, ...server }));
  const secrets = servers.flatMap(({ at }) => Object.values(at.kind === 'http' ? at.headers : at.env));
  return { servers, faults: [], secrets: secrets.flatMap((one) => [one, one.replace(/^\w{1,20} +/, '')]) };
}

const faultOf = ({ path, message }: z.core.$ZodIssue): string => {
  const place = path.map(String).join('.');
  return place === '' ? message : `${place}: ${message}`;
};

const texts = z.record(z.string(), z.string({ error: 'must be text' }));
const MOST_TOOLS = 30;

const Tool = z.strictObject({
  arguments: z
    .record(z.string(), z.unknown())
    .default({})
    .superRefine((value, context) => {
      for (const place of unknownPlaces(value)) {
        const message = `{${place}} is no place we can fill; known are ${PLACES.join(', ')}, label.NAME`;
        context.addIssue({ code: 'custom', message });
      }
    }),
  families: z.array(z.string()).min(1).optional(),
});

const address = z.url({ protocol: /^https?$/, error: 'must be an http(s) address' }).refine(
  (text) => {
    const url = URL.parse(text);
    return url !== null && url.username + url.password === '';
  },
  { error: 'must hold no password; put it into headers' },
);

const Server = z
  .strictObject(
    {
      url: address.optional(),
      headers: texts.optional(),
      command: z.string().min(1).optional(),
      args: z.array(z.string()).optional(),
      env: texts.optional(),
      tools: z.record(z.string().min(1).max(128), Tool),
    },
    { error: (issue) => (issue.code === 'unrecognized_keys' ? `does not know ${issue.keys.join(', ')}` : undefined) },
  )
  .transform(({ url, headers, command, args, env, tools }, context) => {
    const fail = (message: string): never => {
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    };
    const listed = Object.entries(tools).map(([name, { families, ...tool }]) => ({
      name,
      ...tool,
      ...(families === undefined ? {} : { families }),
    }));
    if (listed.length === 0) return fail('lists no tools; none but listed ones are ever called');
    if (listed.length > MOST_TOOLS) return fail(`lists more than ${MOST_TOOLS} tools`);
    if (url !== undefined && command === undefined && args === undefined && env === undefined) {
      return { at: { kind: 'http' as const, url, headers: headers ?? {} }, tools: listed };
    }
    if (command !== undefined && url === undefined && headers === undefined) {
      return { at: { kind: 'stdio' as const, command, args: args ?? [], env: env ?? {} }, tools: listed };
    }
    return fail('needs either url (with headers) or command (with args and env)');
  });

const Servers = z.record(z.string(), Server).superRefine((servers, context) => {
  for (const name of Object.keys(servers)) {
    if (/^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/.test(name)) continue;
    const message = 'a name must be letters, digits, _ and -, at most 32';
    context.addIssue({ code: 'custom', path: [name.slice(0, 40)], message });
  }
});
