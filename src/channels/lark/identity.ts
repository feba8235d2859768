import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { retryOf } from '../../errors.ts';
import type { Log } from '../../telemetry/log.ts';
import type { LarkApi } from './api.ts';
import type { LarkBot } from './inbound/ports.ts';

export interface IdentityDeps {
  readonly api: Pick<LarkApi, 'getBotInfo' | 'listChats'>;
  /** What was learned at an earlier start, so that mentions are understood while the platform is away. */
  readonly memory: { read(): Promise<string | undefined>; write(text: string): Promise<void> };
  /** Told the chats we are in, once they are known. */
  readonly found: (chats: Awaited<ReturnType<LarkApi['listChats']>>) => Promise<void>;
  /** Pause before attempt `attempts` + 1, ms. */
  readonly pauseMs: (attempts: number) => number;
  readonly log: Log;
}

/** Names the bot always answers to, whatever it is called in the console. */
const NAMES = ['zhiban', '值班'];
const TIMEOUT_MS = 10_000;
const Remembered = z.object({ openId: z.string(), name: z.string() });

export interface Identity {
  bot(): LarkBot;
  /** Why the platform does not say who we are; `undefined` once it has, or before the first attempt has ended. */
  fault(): string | undefined;
  known(): boolean;
  /** Asks until it is answered, or the signal aborts. */
  run(signal: AbortSignal): Promise<void>;
}

/** Who we are on the platform, and in which chats. */
export function createIdentity({ api, memory, found, pauseMs, log }: IdentityDeps): Identity {
  let bot: LarkBot = { names: NAMES };
  let fault: string | undefined;
  let known = false;

  const take = ({ openId, name }: z.infer<typeof Remembered>): void => {
    bot = { openId, names: name === '' ? NAMES : [...NAMES, name] };
  };

  async function recall(): Promise<void> {
    const read = Remembered.safeParse(JSON.parse((await memory.read()) ?? 'null'));
    if (read.success) take(read.data);
  }

  async function ask(signal: AbortSignal): Promise<void> {
    const within = (): AbortSignal => AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
    if (!known) {
      const info = await api.getBotInfo(within());
      take(info);
      await memory.write(JSON.stringify(info));
      known = true;
      log.info({ action: 'lark_identified', openId: info.openId, name: info.name }, 'the platform knows us');
    }
    const chats = await api.listChats(within());
    await found(chats);
    log.info({ action: 'lark_chats_listed', chats: chats.length }, 'chats the bot is in');
  }

  return {
    bot: () => bot,
    fault: () => fault,
    known: () => known,
    run: async (signal) => {
      await recall().catch((err: unknown) => log.warn({ action: 'lark_recall_failed', err }, 'nothing remembered'));
      for (let attempts = 0; !signal.aborted; attempts += 1) {
        let wanted = 0;
        try {
          await ask(signal);
          fault = undefined;
          return;
        } catch (err) {
          if (signal.aborted) return;
          fault = err instanceof Error ? err.message : String(err);
          wanted = waitOf(err);
          log.warn({ action: 'lark_start_failed', err }, 'the platform did not tell who we are and where; asked again');
        }
        await sleep(Math.max(pauseMs(attempts), wanted), undefined, { signal }).catch(() => undefined);
      }
    },
  };
}

/** What we were told to wait, ms: a spent allowance would fill the log otherwise. */
function waitOf(error: unknown): number {
  const retry = retryOf(error);
  return typeof retry === 'object' ? retry.afterMs : 0;
}
