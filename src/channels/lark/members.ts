import type { Clock, EpochMs } from '../../types.ts';
import type { LarkApi } from './api.ts';

export interface MembersDeps {
  readonly api: Pick<LarkApi, 'chatMembers'>;
  readonly clock: Clock;
}

/** A list is asked for again after this, so that somebody new has a name the next day; a refused one too (the scope may be missing). */
const FRESH_MS = 6 * 3_600_000;
const TIMEOUT_MS = 10_000;
/** Of 100 people each, and a call each: somebody further down in a very large group goes by the id. */
const MOST_PAGES = 5;
const MOST_CHATS = 200;

interface Known {
  readonly until: EpochMs;
  readonly names: ReadonlyMap<string, string>;
}

/**
 * Names of people by the chats they are in; the platform sends none with messages and presses. A chat's list is five
 * calls in six hours at most; nobody's name is worth more.
 */
export function createMembers({ api, clock }: MembersDeps) {
  const chats = new Map<string, Promise<Known>>();

  async function ask(chatId: string): Promise<Known> {
    try {
      const members = await api.chatMembers(chatId, AbortSignal.timeout(TIMEOUT_MS), MOST_PAGES);
      const names = new Map(members.map(({ openId, name }) => [openId, name]));
      return { until: clock.now() + FRESH_MS, names };
    } catch {
      return { until: clock.now() + FRESH_MS, names: new Map() };
    }
  }

  async function listOf(chatId: string): Promise<Known> {
    const before = chats.get(chatId);
    const known = await before;
    if (known !== undefined && known.until > clock.now()) return known;
    const meanwhile = chats.get(chatId);
    if (meanwhile !== undefined && meanwhile !== before) return meanwhile;
    const asked = ask(chatId);
    // Asked for again goes to the end, so that the first is the one nobody needed for longest.
    chats.delete(chatId);
    chats.set(chatId, asked);
    const [oldest] = chats.keys();
    if (chats.size > MOST_CHATS && oldest !== undefined) chats.delete(oldest);
    return asked;
  }

  /** The name of the person `ou_…` as the chat `lark:oc_…` has it; none in a direct chat. */
  return async (openId: string, chat: string): Promise<string | undefined> => {
    const chatId = chat.slice('lark:'.length);
    if (!chatId.startsWith('oc_')) return undefined;
    const name = (await listOf(chatId)).names.get(openId);
    return name === '' ? undefined : name;
  };
}
