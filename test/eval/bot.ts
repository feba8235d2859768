import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createAccounting } from '../../src/app/accounting.ts';
import { createDiagnosis } from '../../src/app/diagnosis.ts';
import { createEvidence, readMcp } from '../../src/app/evidence.ts';
import { environmentModels } from '../../src/app/models.ts';
import { createSecrets } from '../../src/app/secrets.ts';
import { openStorage } from '../../src/app/storage.ts';
import { readConfig } from '../../src/config.ts';
import { createRecordChange } from '../../src/console/api/changes.ts';
import type { Diagnosis } from '../../src/diagnose/diagnosis.ts';
import { createRunbooks } from '../../src/diagnose/evidence/runbooks/runbooks.ts';
import type { Facts } from '../../src/diagnose/ports.ts';
import type { Prices } from '../../src/diagnose/accounting/ports.ts';
import type { Actor, IncidentId } from '../../src/incident/incident.ts';
import type { Alert } from '../../src/incident/alert.ts';
import { ingest } from '../../src/ingest/ingest.ts';
import { diagnosisOf } from '../../src/store/delivery/rows.ts';
import { createChanges } from '../../src/store/changes.ts';
import { createDiagnoses } from '../../src/store/diagnoses.ts';
import type { Row } from '../../src/store/schema.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import type { EpochMs, Labels } from '../../src/types.ts';

const PERSON: Actor = { id: 'playground:erin', name: 'Erin', via: 'playground' };
const DIAGNOSE_MS = 60_000;

/** What an incident is known by. */
export interface Words {
  readonly title: string;
  readonly summary: string;
  readonly labels: Labels;
}

/** A call to a model as it was accounted for. */
export type Call = Pick<Row<'model_calls'>, 'tokens_in' | 'tokens_out' | 'cost' | 'currency'>;

export type NewPrice = Parameters<Prices['set']>[0];

export type Bot = Awaited<ReturnType<typeof openBot>>;

/**
 * The program without its chats and loops: its own storage, evidence sources, rules, memory and, where the environment
 * names them, models, as `app.ts` puts them together. Time stands still until it is moved.
 */
export async function openBot(folder: string, environment: Readonly<Record<string, string>>) {
  mkdirSync(folder, { recursive: true });
  const time: { now: EpochMs } = { now: 0 };
  const edges = { clock: { now: () => time.now }, random: Math.random, fetch };
  const log = createLog('silent', []);
  const config = readConfig({
    TIMEZONE: 'Asia/Shanghai',
    LOG_LEVEL: 'silent',
    RUNBOOKS_DIR: join(folder, 'none'),
    DATA_DIR: folder,
    ...environment,
  });
  const metrics = createMetrics();
  const secrets = createSecrets(config.secrets);
  const storage = await openStorage({ config, edges, log, announce: () => {}, onLost: () => {} });
  const { database, committer } = storage;
  const runbooks = createRunbooks({ folder: config.RUNBOOKS_DIR, clock: edges.clock });
  const changes = createChanges({ database, write: committer.write, clock: edges.clock });
  const evidence = createEvidence({ config, edges, log, secrets, changes, runbooks, mcp: readMcp(config) });
  const environmental = environmentModels(config.models, edges);
  const accounting = createAccounting({ config, edges, log, metrics, storage });
  const diagnosis = await createDiagnosis({
    config,
    edges,
    log,
    metrics,
    storage,
    secrets,
    runbooks,
    environment: environmental,
    evidence,
    accounting,
  });
  const recordChange = createRecordChange({ changes, clock: edges.clock });
  const diagnoses = createDiagnoses({ database, write: committer.write, respondIn: storage.respondIn });
  let deliveries = 0;

  const latest = async (id: IncidentId): Promise<Diagnosis> => {
    const rows = database.db.selectFrom('diagnoses').selectAll().where('incident_id', '=', id).orderBy('id', 'desc');
    return diagnosisOf(await rows.executeTakeFirstOrThrow());
  };
  const press = async (id: IncidentId, action: Parameters<typeof storage.respond>[1]): Promise<void> => {
    const response = await storage.respond(id, action, { actor: PERSON, traceId: '' });
    if (!response.ok) throw new Error(`${id}: ${action.kind} was refused: ${response.reason}`);
  };
  return {
    time,
    models: config.models,
    change: async (body: object): Promise<void> => void (await recordChange(body, 'default')),
    /** What the webhook of Alertmanager does with a body. Gives the alerts, and the incidents they belong to. */
    receive: async (
      body: unknown,
    ): Promise<{ readonly alerts: readonly Alert[]; readonly ids: readonly IncidentId[] }> => {
      const { alerts } = ingest(body, { headers: {}, integration: 'default', now: time.now, botIds: [] });
      if (alerts.length === 0) throw new Error('no alert was read');
      const digest = `${(deliveries += 1)}`;
      const accepted = await committer.accept({ alerts, receivedAt: time.now, digest, traceId: '' });
      return { alerts, ids: accepted.incidents.map(({ id }) => id) };
    },
    /** One alert by its own words, as an incident of its own. */
    open: async ({ title, summary, labels }: Words): Promise<IncidentId> => {
      const fingerprint = `f${(deliveries += 1)}`;
      const alert: Alert = {
        integration: 'default',
        source: 'alertmanager',
        status: 'firing',
        fingerprint,
        title,
        summary,
        severity: 'warning',
        labels,
        annotations: {},
        startsAt: time.now,
        links: [],
      };
      const accepted = await committer.accept({
        alerts: [alert],
        receivedAt: time.now,
        digest: fingerprint,
        traceId: '',
      });
      const [opened] = accepted.incidents;
      if (opened?.created !== true) throw new Error(`"${title}" opened no incident`);
      return opened.id;
    },
    facts: (id: IncidentId): Promise<Facts | undefined> => diagnoses.facts(id),
    diagnose: async (id: IncidentId): Promise<Diagnosis> => {
      await diagnosis.diagnose(id, AbortSignal.timeout(DIAGNOSE_MS));
      return latest(id);
    },
    setPrice: async (price: NewPrice): Promise<void> => void (await accounting.rows.prices.set(price)),
    /** As delivery does with a first card: until then it is not known by whose card people hear of an incident. */
    show: async (id: IncidentId): Promise<void> => {
      const shown = { message_key: 'shown', first_shown_at: time.now };
      await database.db.updateTable('placements').set(shown).where('subject_id', '=', id).execute();
    },
    calls: (id: IncidentId): Promise<readonly Call[]> => {
      const calls = database.db.selectFrom('model_calls').select(['tokens_in', 'tokens_out', 'cost', 'currency']);
      return calls.where('incident_id', '=', id).execute();
    },
    /** Asks the models about what was diagnosed last; what then stands, which is the rules' own when none answers. */
    askModels: async (id: IncidentId, signal: AbortSignal): Promise<Diagnosis> => {
      await diagnosis.askModels(id, signal);
      return latest(id);
    },
    /** Of alerts that make no incident. */
    examine: (alerts: readonly Alert[]) => diagnosis.examine(alerts, time.now),
    press,
    /** A person closes an incident and says what it was; from then on it can be found. */
    resolve: async (id: IncidentId, cause: string): Promise<void> => {
      await press(id, { kind: 'resolve', cause });
      await diagnosis.index(id, AbortSignal.timeout(DIAGNOSE_MS));
    },
    close: async (): Promise<void> => {
      await evidence.close();
      await committer.drain();
      await database.close();
    },
  };
}
