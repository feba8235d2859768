import type { LarkTexts } from './texts-zh-cn.ts';

/** What the commands about Lark say, in English. */
export const larkEnUS: LarkTexts = {
  stopped: 'Stopped.',
  summary: (bad) => `${bad} ${bad === 1 ? 'thing needs' : 'things need'} attention.`,
  config: {
    noApp:
      'LARK_APP_ID and LARK_APP_SECRET are not set: create an app in the developer console and copy both from "Credentials & Basic Info"',
    app: (id, domain) => `configuration: app ${id} at ${domain}`,
    mode: {
      websocket: 'events come by a long connection, which needs no public address',
      webhook: (url) => `events come to ${url}/lark/event and ${url}/lark/card/action`,
    },
    served: 'LARK_ENCRYPT_KEY or LARK_VERIFICATION_TOKEN is set: the two addresses are served as well',
    noKey:
      'LARK_ENCRYPT_KEY is not set: events arrive in clear with the token as their only proof; set one at "Events & Callbacks > Encryption Strategy"',
    keys: 'keys: LARK_ENCRYPT_KEY and LARK_VERIFICATION_TOKEN are set',
    notPublic: (url) =>
      `the platform cannot reach ${url}: set PUBLIC_URL to a public address, or use LARK_MODE=websocket`,
  },
  token: {
    ok: 'credentials: the platform takes the app id and secret',
    refused: (reason, other) =>
      `credentials refused: ${reason}; copy LARK_APP_ID and LARK_APP_SECRET again and see that the app is enabled${other}`,
    otherCloud: (domain) => `; an app of the other cloud needs LARK_DOMAIN=${domain}`,
    unreachable: (domain, reason) =>
      `${domain} does not answer: ${reason}; check the network, DNS and the proxy (HTTPS_PROXY)`,
  },
  bot: {
    ok: (name, id) => `bot: ${name} (${id})`,
    off: (link) => `the bot ability is off: add "Bot" at "Add Features", then publish a version: ${link}`,
    inactive: (status) =>
      `the bot is not in use in this tenant (activate_status ${status}): publish a version and let an admin enable it`,
    failed: (reason) => `the bot could not be read: ${reason}`,
  },
  scopes: {
    granted: (scope, title) => `scope ${scope} (${title})`,
    missing: (scope, title, use, link) =>
      `scope ${scope} (${title}) is missing: ${use}; add it at "Permissions & Scopes" and publish a version: ${link}`,
    waiting: (scope, title, use, link) =>
      `scope ${scope} (${title}) was asked for and not granted: ${use}; let an admin approve it, or publish again: ${link}`,
    refused: (what, scopes, link) =>
      `${what} is refused, one of these scopes is missing: ${scopes}; add it at "Permissions & Scopes" and publish a version: ${link}`,
    unknown: (reason) =>
      `the platform does not list the scopes (${reason}); what follows is known by the calls alone, so look at "Permissions & Scopes"`,
    uses: {
      send: 'without it no card and no message can be sent',
      hearGroup: 'without it commands that mention the bot in a group are not heard',
      hearDirect: 'without it direct messages are not heard',
      chats: 'without it we do not know the groups the bot is in, when it is added or removed, and the names of people',
      reactions: 'without it reactions to cards do nothing',
      hearBots: 'without it alerts of other bots that mention this one are not heard (ALERT_BOT_IDS)',
      app: 'without it nobody can be buzzed in the app (LARK_URGENT_STEPS=app)',
      sms: 'without it nobody can be buzzed by SMS (LARK_URGENT_STEPS=sms)',
      phone: 'without it nobody can be called (LARK_URGENT_STEPS=phone)',
    },
  },
  events: 'which events are subscribed the platform does not tell; look at "Events & Callbacks": ',
  connection: {
    server: (port) =>
      `the server on port ${port} holds the long connection; another one would take part of its events, so none is opened`,
    serverDown: (port, reason) => `the server on port ${port} has no long connection: ${reason}`,
    ok: 'long connection: came up and was closed at once; the platform repeats events of that moment',
    shared:
      'several long connections of one app share its events: give each environment its own app, and use these credentials nowhere else',
    failed: (reason) => `the long connection does not come up: ${reason}; is an outgoing WebSocket (wss) allowed?`,
    timeout: (seconds) => `not connected within ${seconds} s`,
    door: {
      ok: 'door of the long connection: the platform gives an address',
      otherCloud: (domain) =>
        `door of the long connection: the app belongs to the other cloud; set LARK_DOMAIN=${domain}`,
      badApp: (reason) => `door of the long connection: unknown app: ${reason}; check LARK_APP_ID`,
      badSecret: (reason) => `door of the long connection: credentials refused: ${reason}; check LARK_APP_SECRET`,
      tooMany:
        'door of the long connection: too many connections of this app (the platform takes 50); stop other programs that use it',
      busy: (reason) => `door of the long connection: busy: ${reason}; try again shortly`,
      refused: (reason) =>
        `door of the long connection: refused: ${reason}; choose the persistent connection at "Events & Callbacks" for events and callbacks, and publish a version`,
    },
  },
  address: {
    ok: (url, ms) => `${url} answers the challenge in ${ms} ms`,
    slow: (url, ms) => `${url} answers the challenge, but in ${ms} ms; the platform waits 1 s`,
    unreachable: (url) => `${url} does not answer: is the server running, and PUBLIC_URL right?`,
    refused: (url, status) =>
      `${url} answers ${status}: the running server has other LARK_ENCRYPT_KEY or LARK_VERIFICATION_TOKEN than these`,
    missing: (url, status) =>
      `${url} answers ${status}: the running server has neither key, or the reverse proxy does not pass this path`,
    redirect: (url, status) => `${url} answers ${status}: the platform follows no redirect; use the final address`,
    wrong: (url, status) => `${url} answers ${status} without the challenge: that is not Zhiban`,
    outside: 'this was asked from here; it does not prove that the platform can reach the address from outside',
  },
  chats: {
    failed: (reason) => `the groups the bot is in could not be read: ${reason}`,
    listing: 'listing the groups',
    none: 'the bot is in no group: group settings > Bots > Add Bot',
    bound: (name, id) => `group ${name} (${id}): gets incidents`,
    default: (name, id) => `group ${name} (${id}): DEFAULT_TARGET, gets the incidents that nothing else does`,
    pending: (name, id) =>
      `group ${name} (${id}) waits for approval: an admin presses Approve on the card there, or says "@bot /bind"`,
    unbound: (name, id) => `group ${name} (${id}): allowed, but nothing is sent there; say "@bot /bind"`,
    disabled: (name, id) => `group ${name} (${id}): the target is disabled`,
    unknown: (name, id) => `group ${name} (${id}): not known here yet; a server asks about it when it starts`,
    gone: (name, id) => `target ${name} (${id}): the bot is not in that group; add it again, or remove the target`,
    routed: 'incidents reach at least one target on Lark',
    unrouted: 'no incident reaches Lark: say "@bot /bind" in a group, or set DEFAULT_TARGET=lark:oc_…',
    members: (name, count) => `members of ${name}: ${count}, shown by name`,
    listingMembers: 'listing the members',
    membersFailed: (reason) => `the members could not be read: ${reason}; people are shown by their ids`,
  },
  press: {
    badChat: (id) => `${id} is no group id: those begin with oc_`,
    sendNeedsChat: '--send needs --chat oc_…',
    inChat: (name, id) => `the bot is in ${name} (${id}); with --send a test card with a button goes there`,
    notInChat: (id) => `the bot is not in ${id}: group settings > Bots > Add Bot`,
    sent: (id, seconds) => `test card sent (${id}): press its button within ${seconds} s`,
    sendFailed: (reason) => `the test card was not sent: ${reason}`,
    holding: 'events come here meanwhile; the platform repeats all but presses of other cards',
    watching: 'the running server takes the press',
    arrived: (person) =>
      `the press arrived, from ${person}; to make that person an admin: npx zhiban operators add NAME --role admin --id ${person}`,
    none: (seconds) =>
      `no press arrived in ${seconds} s; if somebody pressed: add "Card callback interaction" (card.action.trigger) at "Events & Callbacks > Callback Configuration" and publish a version`,
    card: {
      title: 'Test card',
      text: 'Sent by zhiban doctor lark; please press the button.',
      button: 'I see it',
      thanks: 'Your press arrived',
      later: 'A check is under way; please press again in a minute',
    },
  },
  usage: {
    now: (month, calls, allowance) =>
      allowance === undefined ? `${month}: ${calls} calls` : `${month}: ${calls} of ${allowance} calls`,
    noAllowance: 'LARK_MONTHLY_CALLS is not set, so nothing is held back (free tenants have 10000 a month)',
    standing: {
      plenty: 'plenty left',
      low: 'less than a tenth is left: only visible changes are edited',
      spent: 'used up',
    },
    refused: 'the platform says that the month’s calls are used up (99991403)',
    head: ['MONTH', 'CALLS'],
  },
};
