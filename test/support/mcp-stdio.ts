import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { createMcpTestServer } from './mcp-server.ts';

// A program that prints what is no message, as some do.
process.stdout.write('starting up\n');
await createMcpTestServer().connect(new StdioServerTransport());
