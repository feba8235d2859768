import { createHmac, randomBytes } from 'node:crypto';
import type { Channel } from '../channels/channel.ts';
import { createTake } from '../chat/assistant/take.ts';
import { answerKey, finalMessage } from '../chat/assistant/ports.ts';
import { createWrite } from '../chat/assistant/write.ts';
import type { ChatDeps } from '../chat/ports.ts';
import type { Config } from '../config.ts';
import { type Assistant, createAssistant } from '../diagnose/assistant/assistant.ts';
import type { Library } from '../diagnose/assistant/ports.ts';
import type { RecentChanges } from '../diagnose/evidence/changes.ts';
import { mcpTools } from '../diagnose/evidence/mcp/tools.ts';
import type { Runbooks } from '../diagnose/evidence/runbooks/runbooks.ts';
import { loadPrompt } from '../diagnose/prompt.ts';
import { type Redactor, createRedactor } from '../diagnose/redact/redactor.ts';
import { readIncidentRef } from '../operations/incident-ref.ts';
import type { AnswersBeingWritten } from '../operations/answers-port.ts';
import { createAnswers } from '../store/answers.ts';
import { createConversations } from '../store/conversations.ts';
import { readOrMakeFact } from '../store/facts.ts';
import { createIncidents } from '../store/incidents.ts';
import { createLibrary } from '../store/library.ts';
import type { Log } from '../telemetry/log.ts';
import type { Edges } from '../types.ts';
import type { Accounting } from './accounting.ts';
import type { createDiagnosis } from './diagnosis.ts';
import type { createEvidence } from './evidence.ts';
import type { Secrets } from './secrets.ts';
import type { Storage } from './storage.ts';

type Diagnosis = Awaited<ReturnType<typeof createDiagnosis>>;

export interface AssistantParts {
  readonly config: Config;
  readonly edges: Edges;
  readonly log: Log;
  readonly storage: Storage;
  readonly secrets: Secrets;
  readonly channels: ReadonlyMap<string, Channel>;
  readonly runbooks: Runbooks;
  readonly changes: RecentChanges;
  readonly evidence: Pick<ReturnType<typeof createEvidence>, 'sources' | 'mcp'>;
  readonly diagnosis: Pick<Diagnosis, 'chain' | 'providers' | 'slots' | 'longestMs'>;
  readonly accounting: Pick<Accounting, 'afford' | 'metered' | 'mayAsk'>;
}

/** An edit that shows how far an answer is takes at most a quarter of what its lane may send. */
const SHARE = 4;
const LEAST_PACE_MS = 1000;

/** Of the lease of its work: beyond, whoever writes would be taken for dead. */
const DEADLINE = 0.7;

/** What the chat, the jobs and `/stop` need of the assistant. */
export async function createAssistantParts(parts: AssistantParts) {
  const { edges, log, storage, channels, diagnosis } = parts;
  const { database, committer } = storage;
  const { write } = committer;
  const answers = createAnswers({ database, write, messageOf: finalMessage, keyOf: answerKey });
  const shown = createRedactor({ secrets: parts.secrets.all, policy: 'full' });
  const salt = await readOrMakeFact(write, 'assistant_salt', () => randomBytes(24).toString('base64url'));
  const work = createWrite({
    answers,
    answer: await assistantOf(parts, shown),
    conversation: createConversations({ database }),
    subjectOf: (id) => createHmac('sha256', salt).update(id).digest('base64url').slice(0, 32),
    redact: (text) => shown.redact(text).text,
    paceMs: (name) => paceOf(channels.get(name)),
    deadlineMs: () => Math.floor(DEADLINE * diagnosis.longestMs()),
    clock: edges.clock,
    log,
  });
  return {
    ask: askingOf(parts),
    stopping: answers satisfies AnswersBeingWritten,
    kind: {
      slots: () => Math.max(2, diagnosis.slots()),
      leaseMs: diagnosis.longestMs,
      work: async (...due: Parameters<typeof work>) => {
        await diagnosis.providers.refresh();
        await work(...due);
      },
    },
  };
}

const assistantOf = async (parts: AssistantParts, shown: Redactor): Promise<Assistant> =>
  createAssistant({
    library: libraryOf(parts),
    chain: parts.diagnosis.chain,
    ...parts.accounting,
    prompts: { 'zh-CN': await loadPrompt('ask', 1, 'zh-CN'), 'en-US': await loadPrompt('ask', 1, 'en-US') },
    redactor: createRedactor({ secrets: parts.secrets.all, policy: parts.config.LLM_DATA_POLICY }),
    policy: parts.config.LLM_DATA_POLICY,
    nonce: () => randomBytes(9).toString('hex'),
    shown,
    clock: parts.edges.clock,
    log: parts.log,
  });

/** Undefined for a channel that cannot edit, or that saves calls now. */
const paceOf = (channel: Channel | undefined): number | undefined =>
  channel?.editing === undefined || channel.thrifty?.() === true
    ? undefined
    : Math.max(LEAST_PACE_MS, (SHARE * 60_000) / channel.pacing.perMinute);

function askingOf({ storage, channels, diagnosis, accounting }: AssistantParts): NonNullable<ChatDeps['ask']> {
  const incidents = createIncidents(storage);
  const take = createTake({
    edits: (name) => channels.get(name)?.editing !== undefined,
    incidentOf: incidents.ofMessage,
    incidentNamed: readIncidentRef,
  });
  return async (text, inbound, context, targetId) => {
    await diagnosis.providers.refresh();
    if (diagnosis.providers.models().length === 0) return undefined;
    return (await accounting.mayAsk(context)) ?? take(text, inbound, context, targetId);
  };
}

const libraryOf = ({ storage, runbooks, changes, evidence }: AssistantParts): Library => ({
  ...createLibrary(storage),
  changes: changes.between,
  runbooks: runbooks.search,
  sources: evidence.sources,
  mcpTools: (signal) => mcpTools(evidence.mcp, AbortSignal.any([signal, AbortSignal.timeout(MCP_MS)])),
});

/** Servers are asked for their tools once in a while; one that hangs is left out of the answer. */
const MCP_MS = 5000;
