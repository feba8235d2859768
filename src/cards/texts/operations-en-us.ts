import type { OperationTexts } from './operations-zh-cn.ts';

/** What operations answer, in English. */
export const operationsEnUS: OperationTexts = {
  done: {
    ack: (id, name) => `${id} acknowledged by ${name}`,
    assign: (id, name) => `${id} assigned to ${name}`,
    note: (id) => `Noted on ${id}`,
    examined: 'What this probably means',
    diagnose: (id) => `Diagnosing ${id} again; the card will show the result`,
    confirm: (id) => `Diagnosis of ${id} confirmed; similar incidents will learn from it`,
    reject: (id) => `Diagnosis of ${id} rejected; /diagnose ${id} makes a new one`,
    askReason: 'Next time say why, e.g. /reject 3 not memory, the upstream timed out',
    resolve: (id) => `${id} resolved`,
    reopen: (id) => `${id} reopened`,
    silence: (id, duration, until) => `${id} silenced for ${duration}, until ${until}`,
    undo: (command) => `Undo: ${command}`,
    silenceMatchers: (matchers, duration, until) =>
      `Alerts matching ${matchers} silenced for ${duration}, until ${until}`,
    unsilence: (id) => `Silence of ${id} removed`,
    show: (id) => `The card of ${id} is on its way`,
    test: (name, ms) => `Test message sent to ${name} in ${ms} ms`,
    pressTest: 'Your press arrived',
    bind: (matchers) => `This chat now gets ${matchers === '' ? 'every incident' : `incidents matching ${matchers}`}`,
    unbind: (n, isDefault) =>
      `${n} ${n === 1 ? 'binding' : 'bindings'} of this chat removed; ${isDefault ? 'it is DEFAULT_TARGET, so incidents that no binding takes still come here' : 'new incidents no longer come here'}`,
    alert: (id, created) => (created ? `Opened ${id} from the pasted alert` : `The alert joined ${id}`),
    alertIgnored: 'The alert was stored and opened nothing new',
    linkCode: (name, code) =>
      `Code for ${name}: ${code}, good for 15 minutes and one use. Send /link ${code} from the other account`,
    linked: (name) => `This account now belongs to ${name}`,
    lang: (chat) => (chat ? 'This chat now speaks English' : 'I will answer you in English'),
  },
  refused: {
    notFound: (id) => `There is no ${id}; /incidents lists what there is`,
    already: {
      acknowledge: (id, name) => `${id} is already acknowledged by ${name}`,
      assign: (id, name) => `${id} is already with ${name}`,
      resolve: (id) => `${id} is already resolved`,
      reopen: (id) => `${id} is not resolved`,
      silence: (id) => `${id} is already silenced`,
      unsilence: (id) => `${id} is not silenced`,
      verdict: (id) => `The diagnosis of ${id} already has its verdict`,
      other: (id) => `${id} already is so; nothing to do`,
    },
    illegal: (id, status) => `${id} is now “${status}”: this cannot be done`,
    changed: (id, joined) =>
      `${joined > 0 ? `${joined} more ${joined === 1 ? 'alert' : 'alerts'} joined ${id}` : `${id} changed`} since you saw the card; look again and press Resolve once more`,
    superseded: (id, by) => `${by} is open for the same problem, so ${id} stays closed; go on in ${by}`,
    otherDiagnosis: (id) => `${id} has a newer diagnosis; read it and decide again`,
    noDiagnosis: (id) => `${id} has no diagnosis yet; try /diagnose ${id}`,
    forbidden: {
      guest: 'This chat gets no alerts; an admin can send /bind here',
      reader: 'Only members may do this: use a chat that gets alerts, or ask an admin to add you',
      responder: 'Only responders may do this. Ask an admin to add you:',
      admin: 'Only admins may do this; ask one',
    },
    noAdmin: (line) => `There is no admin yet. Run this on the server: ${line}`,
    usage: (usage, example) => `Usage: ${usage}. For example: ${example}`,
    unknownCommand: (word, near) =>
      near.length > 0
        ? `There is no command "${word}". Did you mean ${near.join(', ')}?`
        : `There is no command "${word}"; /help lists all`,
    notUnderstood: (near) =>
      near.length > 0
        ? `I did not understand. Did you mean ${near.join(', ')}?`
        : 'I did not understand; /help lists what I can do',
    noneOpen: 'No incident is open here; name one by its id',
    whichOne: (ids) => `Several incidents are open here; say which: ${ids.join(', ')}`,
    badId: (text) => `"${text}" is no incident id; write INC-20261122-003, or 3 or #3 for one of today`,
    badDuration: (text) => `"${text}" is no duration; write 90s, 10m, 2h or 30d, at most 30d`,
    badMatchers: (text) => `"${text}" is no matcher; write severity=warning, service=~"pay.*" or env!=prod`,
    matchAll: 'That would silence every alert; be more specific',
    noSilence: (id) => `No silence ${id} is in force; /silences lists them`,
    noTarget: (words, names) =>
      `There is no target "${words}"${names.length > 0 ? `. There are: ${names.join(', ')}` : ''}`,
    testFailed: (name, detail) => `The test message to ${name} failed: ${detail}`,
    badAddress: (text) => `"${text}" is no target address; write playground:lobby, lark:oc_… or webhook:https://…`,
    onlyInChat: 'This command works only in a chat',
    notBound: 'This chat has no binding',
    noAlert: 'No alert was recognised. Paste its JSON, or lines such as: a title, service: x, severity: critical',
    noOperator: (name) =>
      `Nobody is called ${name}. Run this on the server: zhiban operators add ${name} --role responder`,
    badCode: 'The code is wrong, used or too old; ask an admin for a new one',
    codeInPublic: (name) =>
      `${name} is an admin, whose code must not be read by others. Ask me in a direct chat, or run: zhiban operators add ${name} --role admin --id channel:account`,
    needCode: 'Add the code, e.g. /link K7QM-2F9P; an admin gets one with /link NAME',
    unknownAction: (action) => `This button (${action}) is no longer in use; use the latest card`,
    unavailable: 'That cannot be done right now; try again shortly',
    working: 'Received; the card will show the result',
    noRotations:
      'This version has no rotations yet. The responders and admins added with zhiban operators add are notified',
  },
  approval: {
    title: 'This chat waits for approval',
    text: 'I was added to this chat. Once approved, cards of new incidents come here; until then I answer questions and send no alerts.',
    chat: 'Chat',
    address: 'Address',
    approve: 'Approve: send every incident here',
    note: 'Only an admin’s press counts. For some incidents only, say in the chat: @zhiban /bind severity=critical',
    done: (chat) => `${chat} is approved and gets every incident`,
    already: (chat) => `${chat} was approved before; /bind and /unbind in it change what it gets`,
  },
  lists: {
    silences: (n) => (n === 0 ? 'No silence is in force' : `Silences in force: ${n}`),
    silence: (id, what, until, by, reason) =>
      `${id} · ${what} · until ${until} · ${by}${reason === '' ? '' : ` · ${reason}`}`,
    incidents: (n) => (n === 0 ? 'No such incident' : `${n} ${n === 1 ? 'incident' : 'incidents'}`),
    status: (open, acknowledged) => `${open} open · ${acknowledged} acknowledged`,
    report: (period, opened, resolved) => `${period}: ${opened} opened, ${resolved} resolved`,
    daily: 'Daily report',
    weekly: 'Weekly report',
    help: 'What I can do',
    why: (id) => `Deliveries and decisions of ${id}`,
    test: 'This is a test message: if you see it, Zhiban can reach this place.',
    undo: 'Undo the silence',
    silenceTitle: 'Silence in force',
  },
  runbooks: {
    found: (words, n) => `“${words}”: ${n} ${n === 1 ? 'runbook' : 'runbooks'}`,
    none: (words, folder) =>
      `No runbook about “${words}”. Put a Markdown file into ${folder} (RUNBOOKS_DIR) on the server; it is found a few seconds later`,
    empty: (folder) =>
      `There are no runbooks yet. Put Markdown files into ${folder} (RUNBOOKS_DIR) on the server; they are found a few seconds later`,
    all: (n) => `${n} ${n === 1 ? 'runbook' : 'runbooks'}`,
    more: (n) => `and ${n} more`,
    how: 'To search: /runbook words, for example /runbook disk',
  },
};
