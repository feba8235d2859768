import { randomUUID } from 'node:crypto';
import { incidentCard } from '../cards/incident-card.ts';
import type { Card } from '../cards/card.ts';
import type { IncidentView } from '../cards/view.ts';
import type { Channel } from '../channels/channel.ts';
import { createChat } from '../chat/chat.ts';
import type { ChatDeps } from '../chat/ports.ts';
import type { Receive } from '../channels/channel.ts';
import { hintsFor } from '../diagnose/hints.ts';
import type { Alert } from '../incident/alert.ts';
import type { Incident, IncidentId } from '../incident/incident.ts';
import { parsePastedAlert } from '../ingest/paste.ts';
import { createPerform, type Perform } from '../operations/perform.ts';
import type { Integrations } from '../operations/integrations-port.ts';
import type { OperationPorts } from '../operations/ports.ts';
import type { Target } from '../operations/targets-port.ts';
import type { AnswersBeingWritten } from '../operations/answers-port.ts';
import { OPERATIONS } from '../operations/table.ts';
import { createTargetTest } from '../operations/target-test.ts';
import { createAudit } from '../store/audit.ts';
import { createBindings } from '../store/bindings.ts';
import { createDeliveries } from '../store/deliveries.ts';
import { createInbox } from '../store/inbox.ts';
import { createIncidents } from '../store/incidents.ts';
import { createOperators } from '../store/operators.ts';
import { createPreferences } from '../store/preferences.ts';
import { createReports } from '../store/reports.ts';
import { createSilences } from '../store/silences.ts';
import type { Locale } from '../types.ts';
import type { Ground } from './ground.ts';

/** Platforms show an error when a press is not answered within 3 s; this leaves the network its share. */
const PRESS_DEADLINE_MS = 2000;

export interface OperationsDeps extends Ground {
  readonly channels: ReadonlyMap<string, Channel>;
  readonly examine: OperationPorts['examine'];
  readonly runbooks: OperationPorts['runbooks'];
  readonly usage: OperationPorts['usage'];
  readonly assistant: { readonly ask: NonNullable<ChatDeps['ask']>; readonly stopping: AnswersBeingWritten };
}

/** Everything that can be done, with its faces' shared ground. */
export interface Operations {
  readonly ports: OperationPorts;
  readonly perform: Perform;
  readonly integrations: Integrations;
  readonly receive: Receive;
  /** An incident's card as the committed state has it, in a language. */
  readonly cardOf: (id: IncidentId, locale: Locale) => Promise<Card | undefined>;
}

/** What the label rules say, in the words that delivery and the faces share. */
export const hintsOf = (incident: Incident, alerts: readonly Alert[], locale: Locale): readonly string[] =>
  hintsFor({ ...incident, annotations: alerts[0]?.annotations ?? {} }, locale);

export function createOperations(deps: OperationsDeps): Operations {
  const { config, edges, log, metrics, storage } = deps;
  const { database, committer } = storage;
  const base = { database, write: committer.write, clock: edges.clock };
  const ports: OperationPorts = {
    respond: storage.respond,
    accept: committer.accept,
    parsePastedAlert: pasted,
    examine: deps.examine,
    incidents: createIncidents(base),
    silences: createSilences(base),
    operators: createOperators(base),
    targets: storage.targets,
    bindings: createBindings(base),
    preferences: createPreferences(base),
    reports: createReports(base),
    deliveries: createDeliveries(base),
    audit: createAudit(base),
    runbooks: deps.runbooks,
    usage: deps.usage,
    testTarget: createTargetTest({ ...edges, channels: deps.channels, locale: config.LOCALE, newKey: randomUUID }),
    answers: deps.assistant.stopping,
    publicUrl: config.PUBLIC_URL,
    defaultTargetId: storage.defaultTargetId,
  };
  const perform = createPerform({ ports, log, metrics });
  const cardOf = async (id: IncidentId, locale: Locale, target?: Target): Promise<Card | undefined> => {
    const view = await ports.incidents.view(id, target?.channel);
    if (view === undefined) return undefined;
    const { timezone = config.TIMEZONE } = target ?? {};
    return incidentCard(withHints(view, locale), { locale, timezone, publicUrl: config.PUBLIC_URL });
  };
  const receive = createChat({
    ...ports,
    ask: deps.assistant.ask,
    parseBotAlert: saidByBot,
    operations: OPERATIONS,
    perform,
    inbox: createInbox(base),
    cardOf: (id: IncidentId, target: Target | undefined) => cardOf(id, target?.locale ?? config.LOCALE, target),
    config: {
      locale: config.LOCALE,
      timezone: config.TIMEZONE,
      alertBotIds: config.ALERT_BOT_IDS,
      pressDeadlineMs: PRESS_DEADLINE_MS,
    },
    clock: edges.clock,
    log,
  });
  return { ports, perform, receive, cardOf, integrations: storage.integrations };
}

const withHints = (view: IncidentView, locale: Locale): IncidentView => ({
  ...view,
  hints: hintsOf(view.incident, view.alerts, locale),
});

const pasted: OperationPorts['parsePastedAlert'] = (text, senderId, receivedAt) =>
  parsePastedAlert(text, senderId, { integration: 'chat', now: receivedAt, botIds: [] }).alerts;

/** A bot that the configuration names vouches like the shared credential: its alert by HTTP and by chat is one. */
const saidByBot: ChatDeps['parseBotAlert'] = (text, { senderId, chat }, receivedAt) =>
  parsePastedAlert(text, senderId, { integration: 'default', now: receivedAt, botIds: [], chatId: chat }).alerts;
