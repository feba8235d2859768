import type { Insertable, Selectable } from 'kysely';
import type {
  AlertsTable,
  DiagnosesTable,
  HeartbeatsTable,
  IncidentsTable,
  SearchDocsTable,
  SearchTermsTable,
  SilencesTable,
  TimelineTable,
  VerdictsTable,
} from './schema-incidents.ts';
import type {
  ApiCallsTable,
  AppBucketsTable,
  AttemptsTable,
  BindingsTable,
  OutboxTable,
  PlacementsTable,
  PlaygroundMessagesTable,
  StormCountsTable,
  StormMembersTable,
  StormsTable,
  TargetsTable,
} from './schema-delivery.ts';
import type {
  ChangesTable,
  ConversationsTable,
  DiagnosisCacheTable,
  StormDiagnosesTable,
  EventsTable,
  ModelCallsTable,
  PricesTable,
  ProvidersTable,
  QuotasTable,
  RememberedIncidentsTable,
} from './schema-diagnosis.ts';
import type {
  AuditTable,
  CountersTable,
  DueTable,
  FactsTable,
  InboundTable,
  IntegrationsTable,
  LinkCodesTable,
  OperatorIdsTable,
  OperatorsTable,
  PreferencesTable,
  UptimeTable,
} from './schema-people.ts';

/** The tables as both engines have them; `migrations/` is the truth, a test compares. Times are epoch ms, JSON is text, flags are 0/1. */
export interface Tables {
  readonly incidents: IncidentsTable;
  readonly alerts: AlertsTable;
  readonly timeline: TimelineTable;
  readonly counters: CountersTable;
  readonly facts: FactsTable;
  readonly uptime: UptimeTable;
  readonly heartbeats: HeartbeatsTable;
  readonly targets: TargetsTable;
  readonly app_buckets: AppBucketsTable;
  readonly api_calls: ApiCallsTable;
  readonly bindings: BindingsTable;
  readonly placements: PlacementsTable;
  readonly storms: StormsTable;
  readonly storm_members: StormMembersTable;
  readonly storm_counts: StormCountsTable;
  readonly outbox: OutboxTable;
  readonly attempts: AttemptsTable;
  readonly due: DueTable;
  readonly diagnoses: DiagnosesTable;
  readonly verdicts: VerdictsTable;
  readonly search_docs: SearchDocsTable;
  readonly search_terms: SearchTermsTable;
  readonly silences: SilencesTable;
  readonly operators: OperatorsTable;
  readonly operator_ids: OperatorIdsTable;
  readonly link_codes: LinkCodesTable;
  readonly integrations: IntegrationsTable;
  readonly inbound: InboundTable;
  readonly audit: AuditTable;
  readonly preferences: PreferencesTable;
  readonly playground_messages: PlaygroundMessagesTable;
  readonly providers: ProvidersTable;
  readonly model_calls: ModelCallsTable;
  readonly prices: PricesTable;
  readonly quotas: QuotasTable;
  readonly events: EventsTable;
  readonly changes: ChangesTable;
  readonly conversations: ConversationsTable;
  readonly diagnosis_cache: DiagnosisCacheTable;
  readonly storm_diagnoses: StormDiagnosesTable;
  readonly remembered_incidents: RememberedIncidentsTable;
}

export type Row<T extends keyof Tables> = Selectable<Tables[T]>;
export type NewRow<T extends keyof Tables> = Insertable<Tables[T]>;
