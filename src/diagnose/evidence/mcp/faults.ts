import { SourceFailed, type SourceFault, oneLine } from '../failure.ts';
import { faultOfNetwork } from '../http-answer.ts';

const SETTING = 'MCP_SERVERS';

/** JSON-RPC codes of the client library itself. */
const CLOSED = -32_000;
const TIMED_OUT = -32_001;

/** What went wrong, in the words that all sources share. */
export function failureOf(server: string, error: unknown, signal: AbortSignal, afterMs: number): SourceFailed {
  if (error instanceof SourceFailed) return error;
  const fault: SourceFault = signal.aborted ? { kind: 'aborted' } : faultOf(error, afterMs);
  return new SourceFailed(`mcp:${server}`, fault, { cause: error });
}

/** The connection or its session is gone; a new one may do. */
export const isLost = (error: unknown): boolean => {
  const code = codeOf(error);
  return code === CLOSED || code === 404 || (error instanceof Error && error.message === 'Not connected');
};

function faultOf(error: unknown, afterMs: number): SourceFault {
  const code = codeOf(error);
  if (code === TIMED_OUT) return { kind: 'timeout', afterMs };
  const said = oneLine(error instanceof Error ? error.message : '');
  if (code === 401 || code === 403) return { kind: 'refused', status: code, setting: SETTING, said: '' };
  if (code === 404) return { kind: 'missing', setting: SETTING, said: '' };
  if (typeof code === 'string') return { kind: 'unreachable', code, setting: SETTING };
  if (code !== undefined && code >= 100) return { kind: 'status', status: code, said: '' };
  if (error instanceof TypeError && error.cause !== undefined) return faultOfNetwork(error, SETTING);
  return { kind: 'other', said };
}

/** Of HTTP, of JSON-RPC (below zero) or of the system (`ENOENT`). */
function codeOf(error: unknown): number | string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'number' || typeof error.code === 'string' ? error.code : undefined;
}
