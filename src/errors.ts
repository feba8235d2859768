/** How a caller should treat a failure; a worker needs nothing else to decide. */
export type Retry = 'never' | 'backoff' | { readonly afterMs: number };

/** A failure of the world (a domain refusal is a value, not one of these). */
export abstract class AppError extends Error {
  /** Stable: appears in logs, metric labels and HTTP bodies. */
  abstract readonly code: string;
  readonly retry: Retry = 'never';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** The configuration cannot be used; the message lists every fault and how to mend it. */
export class InvalidConfig extends AppError {
  readonly code = 'invalid_config';
}

/** Work was refused because too much is waiting; HTTP answers 503 with `Retry-After`. */
export class Overloaded extends AppError {
  readonly code = 'overloaded';
  override readonly retry = { afterMs: 1000 };
}

/** The disk or the database refuses writes for now (full, read-only, locked, unreachable). */
export class StorageUnavailable extends AppError {
  readonly code = 'storage_unavailable';
  override readonly retry = { afterMs: 5000 };
}

/** The platform asked us to wait. */
export class RateLimited extends AppError {
  readonly code = 'rate_limited';
  override readonly retry: Retry;
  /** Who has to wait: the target that was called, or every target of the app. */
  readonly concerns: 'target' | 'app';

  constructor(
    channel: string,
    afterMs: number,
    options: ErrorOptions & { readonly concerns?: 'target' | 'app'; readonly because?: string } = {},
  ) {
    const because = options.because === undefined ? '' : `: ${options.because}`;
    super(`${channel} asked us to wait ${afterMs} ms${because}`, options);
    this.retry = { afterMs };
    this.concerns = options.concerns ?? 'target';
  }
}

/** The place we post to is gone (chat dissolved, bot removed, address refused): the target is dead until it revives. */
export class TargetGone extends AppError {
  readonly code = 'target_gone';
}

/** The message we show is gone or can no longer be edited: it must be issued anew. */
export class MessageGone extends AppError {
  readonly code = 'message_gone';
}

/** The platform refuses this content; trying the same again cannot succeed. */
export class ContentRefused extends AppError {
  readonly code = 'content_refused';
}

/** Why a platform calls nobody: each is mended by somebody, none by trying again. */
export type PageFault = 'quota' | 'permission' | 'chat' | 'unread' | 'people' | 'allowance';

/** The platform refuses to page, or each of the people; trying the same again cannot succeed. */
export class PageRefused extends AppError {
  readonly code = 'page_refused';
  readonly fault: PageFault;
  /** The permission that is missing, as the platform's console names it. */
  readonly needs: string | undefined;

  constructor(message: string, fault: PageFault, options?: ErrorOptions & { readonly needs?: string }) {
    super(message, options);
    this.fault = fault;
    this.needs = options?.needs;
  }
}

/** The platform failed or did not answer in time. */
export class PlatformUnavailable extends AppError {
  readonly code = 'platform_unavailable';
  override readonly retry = 'backoff';
  /** True when bytes had left and no answer came: the platform may have acted on the call. */
  readonly outcomeUnknown: boolean;

  constructor(message: string, outcomeUnknown: boolean, options?: ErrorOptions) {
    super(message, options);
    this.outcomeUnknown = outcomeUnknown;
  }
}

/** An unknown throw is a bug or the network: worth another try, never worth a crash. */
export const retryOf = (error: unknown): Retry => (error instanceof AppError ? error.retry : 'backoff');

/** The stable code of any thrown value, for logs and metric labels. */
export const codeOf = (error: unknown): string => (error instanceof AppError ? error.code : 'unexpected');
