import { randomUUID } from 'node:crypto';

export const DIFY_KINDS = ['chat', 'agent-chat', 'advanced-chat', 'agent', 'workflow', 'completion'] as const;
export type DifyKind = (typeof DIFY_KINDS)[number];
export type Json = Record<string, unknown>;

/** One entry of `user_input_form`, written as the platform's console does: the type is a key around it. */
export interface FormField {
  readonly type: 'text-input' | 'paragraph' | 'select' | 'number' | 'checkbox' | 'json_object' | 'file';
  readonly variable: string;
  readonly required?: boolean;
  readonly max_length?: number;
  readonly options?: readonly string[];
  readonly default?: unknown;
}

/** The app behind the one key. */
export interface DifyApp {
  name: string;
  mode: DifyKind;
  key: string;
  form: readonly FormField[];
  model: string;
}

/** What reached the app. */
export interface Ask {
  readonly kind: DifyKind;
  /** The top-level `query` of chat apps, else the input of that name. */
  readonly query: string;
  /** After the form dropped what it does not know. */
  readonly inputs: Json;
  readonly user: string;
  readonly conversationId: string;
  readonly taskId: string;
}

/** What the app says to it. */
export interface Said {
  readonly text: string;
  /** Of a workflow; without it `{text}`. */
  readonly outputs?: Json;
  readonly finishReason?: 'stop' | 'length';
  /** Chunks of reasoning that the platform keeps apart from the answer. */
  readonly reasoning?: string;
  /** The run fails with this error. */
  readonly failure?: string;
}

/** How the next answer deviates. */
export interface DifyFault {
  readonly refuse?: { readonly status: number; readonly code: string; readonly message?: string };
  readonly headers?: Readonly<Record<string, string>>;
  /** A proxy's page instead of an answer, with this status. */
  readonly html?: number;
  readonly redirect?: string;
  /** Not even a header is sent. */
  readonly silent?: true;
  /** After so many events nothing comes any more; the connection stays open. */
  readonly stallAfter?: number;
  /** Bare pings at this interval, ms, as long as the stream is open. */
  readonly pingEvery?: number;
  /** Closed after so many events, in good order. */
  readonly cutAfter?: number;
  /** Destroyed after so many events. */
  readonly resetAfter?: number;
  /** Events of these names are left out. */
  readonly drop?: readonly string[];
  /** The connection stays open when everything is said. */
  readonly linger?: true;
  readonly errorEvent?: { readonly status: number; readonly code: string; readonly message: string };
  readonly swapEnds?: true;
  /** Bytes of a chunk on the wire: cuts characters and separators. */
  readonly chunkBytes?: number;
  readonly crlf?: true;
  /** No line end after the last event. */
  readonly bareEnd?: true;
  /** Ms between events. */
  readonly pace?: number;
  /** Streaming was asked for and ignored. */
  readonly blocking?: true;
  /** The answer of an HTTP middleman: `true` wraps the text, anything else is sent as it is. */
  readonly envelope?: unknown;
  readonly pause?: true;
  /** Moderation replaces the text when it is complete. */
  readonly replaced?: string;
  readonly shape?: 'fenced' | 'think' | 'details' | 'double-encoded' | 'truncated';
  /** What `GET /workflows/run/:id` says so many times before it tells the end. */
  readonly runningFor?: number;
  /** Nothing is known of the run afterwards. */
  readonly lostRun?: true;
}

export interface Recorded {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly body: unknown;
  readonly authorization: string | undefined;
  status: number;
  /** Whoever asked went away before all was said. */
  left: boolean;
}

export interface Run {
  readonly id: string;
  readonly status: string;
  readonly inputs: Json;
  readonly outputs: Json;
  readonly error: string | null;
  readonly tokens: number;
  runningFor: number;
}

export interface World {
  readonly app: DifyApp;
  readonly requests: Recorded[];
  readonly asks: Ask[];
  readonly feedbacks: Array<{ readonly messageId: string; readonly rating: unknown; readonly content: unknown }>;
  readonly stops: Array<{ readonly path: string; readonly user: string; readonly effective: boolean }>;
  readonly tasks: Map<string, { readonly user: string; readonly stop: AbortController }>;
  readonly runs: Map<string, Run>;
  /** Message id → whose it is, and what was thought of it. */
  readonly messages: Map<string, { readonly user: string; readonly conversationId: string; rating: unknown }>;
  readonly conversations: Map<string, { readonly user: string; completed: boolean; readonly queries: string[] }>;
  readonly faults: DifyFault[];
  /** Holds for every answer as long as it is set. */
  always: DifyFault | undefined;
  answer: (ask: Ask) => Said | Promise<Said>;
  /** Paths (`/info`) that do not exist here, as with a middleman. */
  readonly missing: Set<string>;
}

export const createWorld = (app: Partial<DifyApp>, answer: World['answer']): World => ({
  app: { name: 'On-call diagnosis', mode: 'workflow', key: `app-${randomUUID()}`, form: FORM, model: 'sim-1', ...app },
  requests: [],
  asks: [],
  feedbacks: [],
  stops: [],
  tasks: new Map(),
  runs: new Map(),
  messages: new Map(),
  conversations: new Map(),
  faults: [],
  always: undefined,
  answer,
  missing: new Set(),
});

const FORM: readonly FormField[] = [{ type: 'paragraph', variable: 'query', required: true }];

/** A refusal in the form of the service API. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
