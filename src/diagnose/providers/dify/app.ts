import type { Clock, EpochMs } from '../../../types.ts';
import type { JsonObject } from '../../json.ts';
import type { ModelFailed } from '../model.ts';
import type { WatchedCall } from '../watched-fetch.ts';
import { textAt } from './fields.ts';
import { type FormField, parseForm } from './form.ts';
import { DifyRefused } from './refusal.ts';
import type { Service } from './service.ts';

const KINDS = ['chat', 'agent-chat', 'advanced-chat', 'agent', 'workflow', 'completion'] as const;
export type AppKind = (typeof KINDS)[number];

/** What is behind the key. */
export interface App {
  readonly kind: AppKind;
  /** Nobody told: an older Dify tells no kind, an HTTP middleman has no `/info`. */
  readonly guessed: boolean;
  readonly name?: string;
  /** Undefined when nobody told. */
  readonly form?: readonly FormField[];
}

export interface Found {
  readonly app: App;
  /** From an earlier call. */
  readonly remembered: boolean;
}

export interface Apps {
  /** Remembered for ten minutes, so that a changed form is noticed. Throws `ModelFailed`. */
  find(call: WatchedCall): Promise<Found>;
  /** Whether a call that failed so may go better now: what was remembered is old, or another kind can be guessed. */
  reconsider(found: Found, failure: ModelFailed): boolean;
  forget(): void;
}

const REMEMBERED_MS = 10 * 60_000;

export function createApps(service: Service, clock: Clock): Apps {
  let known: { readonly app: App; readonly at: EpochMs } | undefined;
  return {
    async find(call) {
      if (known !== undefined && clock.now() - known.at < REMEMBERED_MS) return { app: known.app, remembered: true };
      const [info, parameters] = await Promise.all([ask(service, call, '/info'), ask(service, call, '/parameters')]);
      const app = appOf(info, parameters);
      known = { app, at: clock.now() };
      return { app, remembered: false };
    },
    reconsider({ app, remembered }, failure) {
      const next = app.guessed && isWrongPlace(failure) ? NEXT_GUESS[app.kind] : undefined;
      if (next !== undefined) known = { app: { ...app, kind: next }, at: clock.now() };
      else if (remembered && failure.fault === 'misconfigured') known = undefined;
      else return false;
      return true;
    },
    forget() {
      known = undefined;
    },
  };
}

/** Undefined when there is no such page here. */
async function ask(service: Service, call: WatchedCall, path: string): Promise<JsonObject | undefined> {
  try {
    return await service.get(call, path);
  } catch (error) {
    if (error instanceof DifyRefused && NO_SUCH_PAGE.has(error.status)) return undefined;
    throw error;
  }
}

const NO_SUCH_PAGE: ReadonlySet<number> = new Set([404, 405, 501]);

function appOf(info: JsonObject | undefined, parameters: JsonObject | undefined): App {
  const mode = textAt(info, 'mode');
  const kind = KINDS.find((known) => known === mode);
  const name = textAt(info, 'name')?.slice(0, 100);
  const form = parseForm(parameters?.['user_input_form']);
  return {
    kind: kind ?? 'workflow',
    guessed: kind === undefined,
    ...(name === undefined ? {} : { name }),
    ...(form === undefined ? {} : { form }),
  };
}

const NEXT_GUESS: Readonly<Partial<Record<AppKind, AppKind>>> = { workflow: 'chat', chat: 'completion' };

const isWrongPlace = (failure: ModelFailed): boolean =>
  failure instanceof DifyRefused && (NO_SUCH_PAGE.has(failure.status) || WRONG_PLACE.has(failure.difyCode ?? ''));

const WRONG_PLACE: ReadonlySet<string> = new Set([
  'not_chat_app',
  'not_completion_app',
  'not_workflow_app',
  'app_unavailable',
]);
