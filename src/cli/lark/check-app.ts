import { openDomain } from '../../channels/lark/domain.ts';
import { LarkRefusal } from '../../channels/lark/wire.ts';
import { ANSWER_MS, type Patient, codeIn, reasonOf } from './patient.ts';
import { EVENTS, SCOPES, standingOfScope } from './scopes.ts';

const OTHER_CLOUD: Readonly<Record<string, string>> = { feishu: 'lark', lark: 'feishu' };

/** The value of LARK_DOMAIN for the other cloud, none for an address of one's own. */
export const otherCloud = (domain: string): string | undefined => OTHER_CLOUD[domain];

/** Whether the platform gives a token: nothing else can be asked without one. */
export async function checkToken({ inspection, app, t, tell, within, goOn }: Patient): Promise<boolean> {
  try {
    await inspection.token(within(ANSWER_MS));
    tell('ok', t.token.ok);
    return true;
  } catch (error) {
    goOn();
    const other = otherCloud(app.domain);
    const hint = other === undefined ? '' : t.token.otherCloud(other);
    if (error instanceof LarkRefusal) tell('bad', t.token.refused(reasonOf(error), hint));
    else tell('bad', t.token.unreachable(openDomain(app.domain), reasonOf(error)));
    return false;
  }
}

/** Platform facts: on messages, on chats, and in answer to `bot/v3/info` itself (seen in the field). */
const BOT_OFF = new Set([230006, 232025, 11205]);
/** Platform fact (bot-v3): 2 is the only state in which a bot is in use. */
const IN_USE = 2;

export async function checkBot({ inspection, t, tell, within, goOn, link }: Patient): Promise<void> {
  try {
    const { openId, name, status = IN_USE } = await inspection.bot(within(ANSWER_MS));
    if (status === IN_USE) tell('ok', t.bot.ok(name, openId));
    else tell('bad', t.bot.inactive(status));
  } catch (error) {
    goOn();
    tell('bad', BOT_OFF.has(codeIn(error) ?? 0) ? t.bot.off(`${link}/bot`) : t.bot.failed(reasonOf(error)));
  }
}

/** By the platform's own list; where there is none, the other checks' calls show what is missing. */
export async function checkScopes({ inspection, config, t, tell, within, goOn, link }: Patient): Promise<void> {
  const texts = t.scopes;
  try {
    const granted = await inspection.scopes(within(ANSWER_MS));
    for (const scope of SCOPES.filter(({ needed }) => needed(config))) {
      const title = scope.title[config.LOCALE];
      const standing = standingOfScope(scope, granted);
      const bad = scope.optional ? 'note' : 'bad';
      if (standing === 'granted') tell('ok', texts.granted(scope.name, title));
      else tell(bad, texts[standing](scope.name, title, texts.uses[scope.use], `${link}/auth?q=${scope.name}`));
    }
  } catch (error) {
    goOn();
    tell('unknown', texts.unknown(reasonOf(error)));
  }
  tell('note', t.events + EVENTS.join(', '));
}
