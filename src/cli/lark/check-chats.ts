import type { LarkApi } from '../../channels/lark/api.ts';
import { readAddress } from '../../operations/address.ts';
import type { Target } from '../../operations/targets-port.ts';
import { ANSWER_MS, type Patient, reasonOf, scopesNamedIn } from './patient.ts';

export type Chats = Awaited<ReturnType<LarkApi['listChats']>>;

/** The groups the bot is in, which of them get incidents, and targets whose group it has left. */
export async function checkChats(patient: Patient): Promise<Chats | undefined> {
  const { t, tell } = patient;
  const chats = await readChats(patient);
  if (chats === undefined) return undefined;
  const routing = await readRouting(patient);
  if (chats.length === 0) tell('bad', t.chats.none);
  for (const { chatId, name } of chats) {
    const standing = routing.standing(chatId);
    tell(MARKS[standing], t.chats[standing](name, chatId));
  }
  const inside = new Set(chats.map(({ chatId }) => chatId));
  for (const { name, address } of routing.targets.filter((one) => one.address.startsWith('oc_') && one.enabled))
    if (!inside.has(address)) tell('bad', t.chats.gone(name, address));
  if (routing.routed) tell('ok', t.chats.routed);
  else tell('bad', t.chats.unrouted);
  await checkMembers(chats, patient);
  return chats;
}

async function readChats({ api, t, tell, within, goOn, link }: Patient): Promise<Chats | undefined> {
  try {
    return await api.listChats(within(ANSWER_MS));
  } catch (error) {
    goOn();
    const scopes = scopesNamedIn(error);
    const refused = scopes && t.scopes.refused(t.chats.listing, scopes, `${link}/auth`);
    tell('bad', refused ?? t.chats.failed(reasonOf(error)));
    return undefined;
  }
}

const MARKS = {
  bound: 'ok',
  default: 'ok',
  pending: 'bad',
  unbound: 'note',
  disabled: 'note',
  unknown: 'note',
} as const;

async function readRouting({ backend, config }: Patient) {
  const targets = (await backend.targets.list()).filter(({ channel }) => channel === 'lark');
  const bindings = await backend.bindings.list();
  const bound = new Set(bindings.filter(({ enabled }) => enabled).map(({ targetId }) => targetId));
  const fallback = readAddress(config.DEFAULT_TARGET);
  const isDefault = (address: string): boolean => fallback?.channel === 'lark' && fallback.address === address;
  const standingOf = (target: Target): keyof typeof MARKS => {
    if (!target.enabled) return 'disabled';
    if (target.pending) return 'pending';
    if (bound.has(target.id)) return 'bound';
    return isDefault(target.address) ? 'default' : 'unbound';
  };
  const standing = (chatId: string): keyof typeof MARKS => {
    const target = targets.find(({ address }) => address === chatId);
    if (target !== undefined) return standingOf(target);
    return isDefault(chatId) ? 'default' : 'unknown';
  };
  const routed = fallback?.channel === 'lark' || targets.some((one) => standingOf(one) === 'bound');
  return { targets, standing, routed };
}

/** Of one group, which shows whether people have names at all. */
async function checkMembers([first]: Chats, { api, t, tell, within, goOn, link }: Patient): Promise<void> {
  if (first === undefined) return;
  try {
    const members = await api.chatMembers(first.chatId, within(ANSWER_MS));
    tell('ok', t.chats.members(first.name, members.length));
  } catch (error) {
    goOn();
    const scopes = scopesNamedIn(error);
    const refused = scopes && t.scopes.refused(t.chats.listingMembers, scopes, `${link}/auth`);
    tell('bad', refused ?? t.chats.membersFailed(reasonOf(error)));
  }
}
