import { mkdirSync } from 'node:fs';
import { type Ledger, createLedger } from '../app/ledger.ts';
import type { Config } from '../config.ts';
import type { Actor } from '../incident/incident.ts';
import type { Audit } from '../operations/audit-port.ts';
import type { Bindings } from '../operations/bindings-port.ts';
import type { Deliveries } from '../operations/deliveries-port.ts';
import type { Integrations } from '../operations/integrations-port.ts';
import type { Operators } from '../operations/operators-port.ts';
import type { Targets } from '../operations/targets-port.ts';
import { type ApiCalls, createApiCalls } from '../store/api-calls.ts';
import { createAudit } from '../store/audit.ts';
import { createBindings } from '../store/bindings.ts';
import type { Database, Write } from '../store/database.ts';
import { createDeliveries } from '../store/deliveries.ts';
import { createIntegrations } from '../store/integrations.ts';
import { migrate } from '../store/migrate.ts';
import { openDatabase } from '../store/open.ts';
import { createOperators } from '../store/operators.ts';
import { type ProviderRows, createProviderRows } from '../store/providers.ts';
import { createSealer, readOrMakeSecretKey } from '../store/secrets.ts';
import { createTargets } from '../store/targets.ts';
import { createLog } from '../telemetry/log.ts';
import type { Clock } from '../types.ts';

/** What commands work on. */
export interface Backend {
  readonly database: Database;
  readonly operators: Operators;
  readonly integrations: Integrations;
  readonly deliveries: Deliveries;
  readonly targets: Targets;
  readonly bindings: Bindings;
  readonly providerRows: ProviderRows;
  readonly apiCalls: ApiCalls;
  readonly accounting: Ledger;
  readonly audit: Audit;
  /** Migrations applied by opening. */
  readonly applied: readonly string[];
  /** Records what a command did. */
  record(operation: string, subject: string): Promise<void>;
  close(): Promise<void>;
}

const ACTOR: Actor = { id: 'cli', name: 'zhiban', via: 'cli' };

/**
 * Opens the database beside a server that may be running on it: every change is one short transaction of its own, and
 * the server sees it at its next look.
 */
export async function openBackend(config: Config, clock: Clock): Promise<Backend> {
  mkdirSync(config.DATA_DIR, { recursive: true });
  const log = createLog('silent', []);
  const database = await openDatabase({ url: config.DATABASE_URL, dataDir: config.DATA_DIR, log, beside: true });
  try {
    const applied = await migrate(database);
    const write: Write = (_priority, work) =>
      database.transaction((db) => work({ db, engine: database.engine, hint: () => undefined }));
    const sealer = createSealer(config.SECRET_KEY ?? readOrMakeSecretKey(config.DATA_DIR));
    const base = { database, write, clock, sealer };
    const audit: Audit = createAudit(base);
    return {
      database,
      applied,
      operators: createOperators(base),
      integrations: createIntegrations(base),
      deliveries: createDeliveries(base),
      targets: createTargets(base),
      bindings: createBindings(base),
      providerRows: createProviderRows(base),
      apiCalls: createApiCalls(database, write),
      accounting: createLedger(base, config),
      audit,
      record: (operation, subject) =>
        audit.record({ at: clock.now(), actor: ACTOR, operation, subject, outcome: 'ok', detail: '{}', traceId: '' }),
      close: () => database.close(),
    };
  } catch (err) {
    await database.close();
    throw err;
  }
}
