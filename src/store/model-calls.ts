import { type RawBuilder, sql } from 'kysely';
import type { UsageRow } from '../cards/usage.ts';
import type { Calls, ModelCall } from '../diagnose/accounting/ports.ts';
import type { Database, Handle, Write } from './database.ts';
import { rowId } from './ids.ts';
import type { Row } from './schema.ts';
import { jsonRows, textList } from './set-wise.ts';

export interface ModelCallsDeps {
  readonly database: Database;
  readonly write: Write;
}

/** Every call to a model. Sums are `double precision`: PostgreSQL's own would come as text. */
export function createModelCalls({ database, write }: ModelCallsDeps): Calls {
  const reading: Handle = { db: database.reader, engine: database.engine };
  const { db } = reading;
  return {
    record: (call) =>
      write('job', async (trx) => {
        await trx.db.insertInto('model_calls').values(rowOf(call)).execute();
      }),
    used: async (kind, ids, from, currency) => {
      const owner = sql.ref(kind === 'person' ? 'person_id' : 'provider');
      const { rows } = await sql<{ calls: number; tokens: number; cost: number }>`
        select count(*) as calls, ${total(sql`tokens_in + tokens_out`)} as tokens, ${money(currency)} as cost
        from model_calls where ${owner} in ${textList(reading, ids)} and at >= ${from}`.execute(db);
      const { calls = 0, tokens = 0, cost = 0 } = rows[0] ?? {};
      return { calls, tokens, cost };
    },
    spent: async (from, currency) => {
      const { rows } = await sql<{ cost: number }>`
        select ${money(currency)} as cost from model_calls where at >= ${from}`.execute(db);
      return rows[0]?.cost ?? 0;
    },
    rows: async (by, { from, to }, currency, ids) => {
      const owner = sql.ref(by === 'person' ? 'person_id' : 'provider');
      const mine = ids === undefined ? sql`${owner} is not null` : sql`${owner} in ${textList(reading, ids)}`;
      const { rows } = await sql<SumRow>`
        select ${KEYS[by]}, ${sums(currency)} from model_calls
        where at >= ${from} and at < ${to} and ${mine} group by ${GROUPS[by]}`.execute(db);
      return rows.map(usageOf).toSorted((a, b) => tokensOf(b) - tokensOf(a) || (a.key < b.key ? -1 : 1));
    },
    days: async (days, currency) => {
      const spans = days.map(({ day, from, to }) => ({ day, since: from, until: to }));
      const table = jsonRows(reading, spans, { day: 'text', since: 'bigint', until: 'bigint' });
      const { rows } = await sql<SumRow>`
        select d.day as key, d.day as name, ${sums(currency)} from ${table} as d
        join model_calls on at >= d.since and at < d.until group by d.day order by d.day`.execute(db);
      return rows.map(usageOf);
    },
  };
}

const tokensOf = ({ tokensIn, tokensOut }: UsageRow): number => tokensIn + tokensOut;

/** A person's name is the one last told, as near as it can be had from a group: names seldom change. */
const KEYS = {
  provider: sql`provider as key, provider as name`,
  person: sql`person_id as key, max(person_name) as name`,
  model: sql`provider || '/' || model as key, model as name`,
} as const;

const GROUPS = { provider: sql`provider`, person: sql`person_id`, model: sql`provider, model` } as const;

const total = (of: RawBuilder<unknown>): RawBuilder<number> =>
  sql<number>`cast(coalesce(sum(${of}), 0) as double precision)`;

const money = (currency: string): RawBuilder<number> =>
  total(sql`case when currency = ${currency} then cost else 0 end`);

const sums = (currency: string): RawBuilder<unknown> => sql`
  count(*) as calls,
  sum(case when outcome = 'ok' then 0 else 1 end) as failures,
  ${total(sql`tokens_in`)} as tokens_in,
  ${total(sql`tokens_out`)} as tokens_out,
  ${money(currency)} as cost,
  sum(case when outcome = 'ok' and (cost is null or currency <> ${currency}) then 1 else 0 end) as uncounted,
  cast(avg(latency_ms) as double precision) as mean_ms`;

interface SumRow {
  readonly key: string;
  readonly name: string | null;
  readonly calls: number;
  readonly failures: number;
  readonly tokens_in: number;
  readonly tokens_out: number;
  readonly cost: number;
  readonly uncounted: number;
  readonly mean_ms: number;
}

const usageOf = ({ key, name, calls, failures, cost, uncounted, ...row }: SumRow): UsageRow => ({
  key,
  name: name ?? key,
  calls,
  failures,
  tokensIn: row.tokens_in,
  tokensOut: row.tokens_out,
  cost,
  uncounted,
  meanMs: Math.round(row.mean_ms),
});

const rowOf = (call: ModelCall): Row<'model_calls'> => ({
  id: rowId(call.at),
  at: call.at,
  provider: call.provider,
  model: call.model,
  purpose: call.purpose,
  incident_id: call.incidentId ?? null,
  person_id: call.person?.id ?? null,
  person_name: call.person?.name ?? null,
  tokens_in: call.tokensIn,
  tokens_out: call.tokensOut,
  cost: call.cost?.amount ?? null,
  currency: call.cost?.currency ?? null,
  latency_ms: call.latencyMs,
  outcome: call.outcome,
  prompt_version: call.promptVersion ?? null,
  trace_id: call.traceId ?? null,
});
