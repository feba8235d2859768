import {
  type AppError,
  ContentRefused,
  MessageGone,
  type PageFault,
  PageRefused,
  PlatformUnavailable,
  RateLimited,
  TargetGone,
} from '../../errors.ts';
import { LarkRefusal } from './wire.ts';

/** What was asked of the platform: codes mean different things to different calls. */
export type Verb = 'post' | 'edit' | 'reply' | 'page' | 'read';

export interface Telling {
  readonly verb: Verb;
  /** Spreads the returns of many who were told to wait at once. */
  readonly random: () => number;
}

type Meaning =
  | { readonly kind: 'wait'; readonly ms: number; readonly concerns: 'target' | 'app' }
  | { readonly kind: 'target' | 'message' | 'content' | 'token' }
  /** The same `uuid` was seen: its message is being sent, or was (which of both is unverified). Others need not wait. */
  | { readonly kind: 'underway' }
  /** Somebody has to change the app's settings; the platform's words say which (and hold the address to do it at). */
  | { readonly kind: 'setup'; readonly advice: string }
  /** About calling people only; neither the chat nor its messages are worse for it. */
  | { readonly kind: 'page'; readonly fault: PageFault };

const wait = (ms: number, concerns: 'target' | 'app'): Meaning => ({ kind: 'wait', ms, concerns });
const setup = (advice: string): Meaning => ({ kind: 'setup', advice });
const each = (codes: readonly number[], meaning: Meaning): readonly (readonly [number, Meaning])[] =>
  codes.map((code) => [code, meaning]);

/** The month's allowance of API calls is used up (free tenants have 10,000; platform fact: page ugjM14COyUjL4ITN). */
export const ALLOWANCE_SPENT = 99991403;

/**
 * Error tables of the platform's pages on create, reply, patch, buzz and the general codes (ugjM14COyUjL4ITN). 11232 is
 * documented as a peak of the whole system and is told about one call, so only its target waits (our choice).
 */
const MEANINGS: ReadonlyMap<number, Meaning> = new Map([
  ...each([99991400, 1000004, 1000005], wait(2000, 'app')),
  ...each([230020, 232019], wait(1000, 'target')),
  ...each([11232], wait(10_000, 'target')),
  ...each([230049], { kind: 'underway' }),
  // Not the app's lanes: another target may have a way around (`fallback.ts`).
  ...each([ALLOWANCE_SPENT], wait(5 * 60_000, 'target')),
  ...each([99991661, 99991663, 99991664, 99991665, 99991671], { kind: 'token' }),
  ...each([10002, 230002, 230013, 230018, 230029, 230034, 230035, 230053, 232009], { kind: 'target' }),
  // Ids of other apps or tenants: seen in the field for `ou_` addresses, absent from the pages read.
  ...each([99992361, 99992364], { kind: 'target' }),
  ...each([230011, 230012, 230017, 230019, 230031, 230110, 231003], { kind: 'message' }),
  ...each([230001, 230022, 230025, 230028, 200860, 99992402], { kind: 'content' }),
  ...each([10005, 10014, 10015], setup('check LARK_APP_ID and LARK_APP_SECRET, and that the app is enabled')),
  ...each([99991672, 230027], setup('grant the app the scope named here and publish a version')),
  ...each([99991401], setup("add this server's address to the app's IP allow-list")),
  ...each([230006], setup('turn on the bot ability and publish a version')),
]);

const page = (fault: PageFault): Meaning => ({ kind: 'page', fault });

/**
 * What the same numbers mean to urgent_app, _sms and _phone (their pages' error tables). 230001 is also the answer when
 * none of the people is in the chat; 230027 means a group with outsiders.
 */
const PAGE_MEANINGS: ReadonlyMap<number, Meaning> = new Map([
  ...each([230024], page('quota')),
  ...each([99991672], page('permission')),
  ...each([230018, 230027, 230035, 230052, 230098], page('chat')),
  ...each([230023], page('unread')),
  ...each([230001, 230013, 230029, 230034, 230053, 99992361, 99992364, 99992402], page('people')),
  ...each([ALLOWANCE_SPENT], page('allowance')),
]);

/** Whether the access token was the fault: it is fetched anew and the call made once more. */
export const isDeadToken = (error: unknown): boolean =>
  error instanceof LarkRefusal && MEANINGS.get(error.platformCode)?.kind === 'token';

export const isAllowanceSpent = (error: unknown): boolean =>
  error instanceof LarkRefusal && error.platformCode === ALLOWANCE_SPENT;

/** The platform's code behind one of our errors, undefined when it did not come from an answer of the platform. */
export const platformCodeOf = (error: unknown): number | undefined =>
  error instanceof Error && error.cause instanceof LarkRefusal ? error.cause.platformCode : undefined;

/** The class of `src/errors.ts` that says how to go on; the refusal stays its cause. */
export function appErrorOf(refusal: LarkRefusal, telling: Telling): AppError {
  return classify(meaningOf(refusal, telling.verb), refusal, telling);
}

function meaningOf(refusal: LarkRefusal, verb: Verb): Meaning | undefined {
  const { platformCode: code, message, status } = refusal;
  if (code === 230099) return cardMeaning(message);
  if (code === 0 && status === 429) return wait(2000, 'app');
  // The pages name no own code for an id of right form that names nothing; these words were seen in the field.
  if (code === 230001 && verb === 'post' && message.includes('receive_id')) return { kind: 'target' };
  if (code === 230001 && verb !== 'post' && message.includes('message_id')) return { kind: 'message' };
  return (verb === 'page' ? PAGE_MEANINGS.get(code) : undefined) ?? MEANINGS.get(code);
}

/** Locked while a press awaits its answer (11310 "card action is lock"); the same number also means other limits. */
const cardMeaning = (message: string): Meaning =>
  /ErrCode:\s*11310\b/u.test(message) && /\block/iu.test(message) ? wait(1000, 'target') : { kind: 'content' };

function classify(meaning: Meaning | undefined, refusal: LarkRefusal, { random }: Telling): AppError {
  const { message, status, resetMs } = refusal;
  const because = { cause: refusal };
  switch (meaning?.kind) {
    case 'wait': {
      const ms = Math.round((resetMs ?? meaning.ms) + random() * 500);
      return new RateLimited('lark', ms, { ...because, concerns: meaning.concerns, because: message });
    }
    case 'target':
      return new TargetGone(message, because);
    case 'message':
      return new MessageGone(message, because);
    case 'content':
      return new ContentRefused(message, because);
    case 'page':
      return new PageRefused(message, meaning.fault, because);
    case 'setup':
      return new PlatformUnavailable(`${message}; ${meaning.advice}`, false, because);
    case 'underway':
      return new PlatformUnavailable(message, true, because);
    case 'token':
    case undefined:
      // A number we do not know is not known to be final: tried again, with its words in the delivery's record.
      return new PlatformUnavailable(message, status >= 500, because);
  }
  return meaning satisfies never;
}
