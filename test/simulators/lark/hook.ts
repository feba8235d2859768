import { randomUUID } from 'node:crypto';
import { type Answer, isJson } from './answer.ts';
import { refuseCardOf } from './content.ts';
import { signHook } from './crypto.ts';
import { type Deps, MINUTE } from './deps.ts';
import { throttleGroup } from './send.ts';
import type { Call, Routes } from './routes.ts';
import { addMessage, type Chat } from './world.ts';

const LARGEST = 20 * 1024;

/** A custom bot of a group: an address and, if its owner wants, up to three kinds of protection. */
export interface HookOptions {
  readonly secret?: string;
  readonly keywords?: readonly string[];
  readonly allowedIps?: readonly string[];
}

interface Hook extends HookOptions {
  readonly chat: Chat;
}

export interface Hooks {
  readonly routes: Routes;
  /** Returns the path to post to. */
  add(chat: Chat, options?: HookOptions): string;
  remove(path: string): void;
}

export function createHooks(deps: Deps): Hooks {
  const hooks = new Map<string, Hook>();
  const route = '/open-apis/bot/v2/hook/';

  function post(call: Call): Answer {
    const hook = hooks.get(call.params['id'] ?? '');
    const refusal = hook
      ? refuseHook(deps, call, hook)
      : { code: 19001, msg: 'param invalid: incoming webhook access token invalid' };
    if (refusal) return { status: deps.settings.hookRefusalStatus, body: { ...refusal, data: {} } };
    const { msg_type: type, content, card } = call.body as Record<string, unknown>;
    const said = JSON.stringify(type === 'interactive' ? card : content);
    if (hook)
      addMessage(deps.world, deps.clock.now(), said, { chatId: hook.chat.id, sender: 'hook', type: String(type) });
    return { status: 200, body: { StatusCode: 0, StatusMessage: 'success', code: 0, data: {}, msg: 'success' } };
  }

  return {
    routes: { [`POST ${route}:id`]: post },
    add(chat, options = {}) {
      const id = randomUUID();
      hooks.set(id, { ...options, chat });
      return route + id;
    },
    remove: (path) => void hooks.delete(path.slice(route.length)),
  };
}

interface Refusal {
  readonly code: number;
  readonly msg: string;
}

function refuseHook(deps: Deps, call: Call, hook: Hook): Refusal | undefined {
  if (hook.allowedIps && !hook.allowedIps.includes(call.peer)) return { code: 19022, msg: 'Ip Not Allowed' };
  const bad = { code: 9499, msg: 'Bad Request' };
  if (!isJson(call.body) || Buffer.byteLength(JSON.stringify(call.body)) > LARGEST) return bad;
  if (hook.secret !== undefined && !isSigned(deps, call.body, hook.secret)) {
    return { code: 19021, msg: 'sign match fail or timestamp is not within one hour from current time' };
  }
  const content = call.body[call.body['msg_type'] === 'interactive' ? 'card' : 'content'];
  if (!['text', 'post', 'interactive'].includes(String(call.body['msg_type'])) || !isJson(content)) return bad;
  const words = JSON.stringify(content);
  if (hook.keywords && !hook.keywords.some((word) => words.includes(word)))
    return { code: 19024, msg: 'Key Words Not Found' };
  if (call.body['msg_type'] === 'interactive' && refuseCardOf(deps.world, hook.chat, content)) return bad;
  return refuseRate(deps, call, hook);
}

/** 100 a minute and 5 a second per bot, and the group's five a second that all its bots share. */
function refuseRate(deps: Deps, { params }: Call, { chat }: Hook): Refusal | undefined {
  if (!deps.settings.throttles) return undefined;
  // A request that one limit refuses counts for no other.
  const wait =
    deps.throttle.take(`hook-second:${params['id']}`, 5, 1000) ||
    deps.throttle.take(`hook-minute:${params['id']}`, 100, MINUTE);
  if (wait === 0 && !throttleGroup(deps, chat.id)) return undefined;
  return { code: 11232, msg: 'create message service trigger rate limit' };
}

/** The stamp is a string of seconds, at most an hour away. */
function isSigned({ clock }: Deps, body: Record<string, unknown>, secret: string): boolean {
  const { timestamp, sign } = body;
  if (typeof timestamp !== 'string' || Math.abs(Number(timestamp) * 1000 - clock.now()) > 60 * MINUTE) return false;
  return sign === signHook(timestamp, secret);
}
