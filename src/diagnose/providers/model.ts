import { AppError, type Retry } from '../../errors.ts';
import type { Locale } from '../../types.ts';

/** What can go wrong with a model, and what each asks of the caller. */
export type ModelFault =
  /** Wrong address, app kind, inputs: nobody but an admin can mend it. */
  | 'misconfigured'
  | 'auth'
  | 'model_missing'
  /** The account is out of money or allowance. */
  | 'quota'
  | 'rate_limited'
  | 'timeout_first_byte'
  | 'timeout_idle'
  | 'timeout_total'
  /** The stream ended without saying that it is complete. */
  | 'stream_incomplete'
  /** No answer of this protocol: HTML, an unknown shape. */
  | 'bad_response'
  /** The endpoint does not know the way the answer's form was asked for: step down the ladder. */
  | 'format_unsupported'
  /** The answer was cut at the output limit: never repaired. */
  | 'truncated'
  /** The prompt is longer than the model takes. */
  | 'too_long'
  | 'refused'
  /** 5xx, connection errors. */
  | 'unavailable'
  /** Our own signal: nobody wants the answer any more. */
  | 'cancelled';

/** A model gave no usable answer. The message is for logs and admins: no secret, no prompt, no answer in it. */
export class ModelFailed extends AppError {
  readonly code = 'model_failed';
  readonly fault: ModelFault;
  override readonly retry: Retry;

  constructor(message: string, fault: ModelFault, options: ErrorOptions & { readonly retry?: Retry } = {}) {
    super(message, options);
    this.fault = fault;
    this.retry = options.retry ?? 'never';
  }
}

/** A JSON Schema, as endpoints take it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** How the form of an answer is asked for, strictest first. The prompt states the schema in every case. */
export const FORMATS = ['strict_schema', 'schema', 'json_object', 'prompt'] as const;
export type Format = (typeof FORMATS)[number];

export type ModelMessage =
  | { readonly role: 'user'; readonly text: string }
  | { readonly role: 'assistant'; readonly text: string; readonly toolCalls?: readonly ToolCall[] }
  | { readonly role: 'tool'; readonly callId: string; readonly name: string; readonly text: string };

/** A read-only tool, as told to the model. */
export interface ToolSpec {
  /** `[a-z_]{1,40}`. */
  readonly name: string;
  readonly description: string;
  readonly parameters: JsonSchema;
}

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** Parsed, never validated: untrusted. */
  readonly input: unknown;
}

export interface ModelRequest {
  /** Ours alone; untrusted text stands in `messages`, fenced. */
  readonly system: string;
  readonly messages: readonly ModelMessage[];
  readonly schema?: JsonSchema;
  /** Asked for only together with `schema`. */
  readonly format?: Format;
  readonly tools?: readonly ToolSpec[];
  readonly maxOutputTokens: number;
  /** In which the answer is wanted; the prompt says so too. For apps that choose their own prompt by it. */
  readonly locale?: Locale;
  /** Opaque and stable, never a person's name or platform id: `incident-INC-…`, a salted digest. Dify's `user`. */
  readonly subject: string;
  /** The provider's own conversation, where it keeps them (Dify); absent = a new one. */
  readonly conversation?: string;
  /** Called as the answer grows, with the whole text so far (a provider may replace what it said). */
  readonly onText?: (text: string) => void;
  /** Aborts the call, also on the provider's side where it can be told. */
  readonly signal: AbortSignal;
}

export interface ModelReply {
  /** The answer's text; thinking is left out. */
  readonly text: string;
  /** When the provider hands over an object by itself (workflow outputs). */
  readonly json?: unknown;
  readonly toolCalls: readonly ToolCall[];
  /** As the provider counts; estimated by nobody. `cost` only where it names one. */
  readonly usage: {
    readonly tokensIn?: number;
    readonly tokensOut?: number;
    readonly cost?: { readonly amount: number; readonly currency: string };
  };
  /** The model's own name. */
  readonly model: string;
  readonly conversation?: string;
  /** For `feedback`. */
  readonly messageId?: string;
  /** Signs that the provider cut the prompt by itself. */
  readonly promptCut?: true;
  /** For logs and `doctor`: ignored inputs, clipped fields. */
  readonly warnings: readonly string[];
}

export interface ModelHealth {
  readonly ok: boolean;
  /** What the endpoint says it is: model, app name and kind. */
  readonly found?: string;
  /** Each with what to do about it. */
  readonly problems: readonly string[];
}

/** One endpoint that answers prompts. Never retries by itself, never follows redirects, sends nothing anywhere else. */
export interface Model {
  /** As metrics, cards and `LLM_PROVIDERS` name it: `dify`, `openai:deepseek`. */
  readonly name: string;
  readonly kind: 'openai' | 'ollama' | 'dify';
  /** Deadline of one call, ms. */
  readonly timeoutMs: number;
  /** Calls at once. */
  readonly concurrency: number;
  /** What a prompt may have, in estimated tokens. */
  readonly promptTokens: number;
  /** Which of `FORMATS` it may be asked for, strictest first. */
  readonly formats: readonly Format[];
  readonly tools: boolean;
  /** Cheap and without cost: is it there, does it have the model, what would go wrong? Never throws but on abort. */
  probe(signal: AbortSignal): Promise<ModelHealth>;
  /** Throws `ModelFailed`, nothing else. */
  complete(request: ModelRequest): Promise<ModelReply>;
  /** Tells the provider what people thought of an answer; throws `ModelFailed`. */
  feedback?(verdict: ModelVerdict, signal: AbortSignal): Promise<void>;
}

export interface ModelVerdict {
  readonly messageId: string;
  readonly subject: string;
  readonly liked: boolean;
  /** Redacted already. */
  readonly words?: string;
}
