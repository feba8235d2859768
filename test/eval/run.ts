import { join } from 'node:path';
import type { Cause, Diagnosis, Evidence } from '../../src/diagnose/diagnosis.ts';
import type { Facts } from '../../src/diagnose/ports.ts';
import type { IncidentId } from '../../src/incident/incident.ts';
import type { EpochMs } from '../../src/types.ts';
import { type Bot, type Call, type NewPrice, openBot } from './bot.ts';
import { startBackends } from './recorded/backends.ts';
import type { Scenario } from './scenario.ts';
import { type Sent, webhookOf } from './webhook.ts';
import { nowOf, zeroOf } from './zero.ts';

/** What the program made of a scenario. */
export interface Ran {
  readonly scenario: Scenario;
  readonly status: Diagnosis['status'];
  readonly family: string;
  readonly summary: string;
  readonly causes: readonly Cause[];
  readonly steps: Diagnosis['steps'];
  readonly evidence: readonly Evidence[];
  /** Evidence and rules, ms. */
  readonly tookMs: number;
  /** None of alerts that make no incident. */
  readonly facts?: Facts | undefined;
  /** What then stood when models had been asked. */
  readonly byModel?: Asked;
}

export interface Asked {
  readonly diagnosis: Diagnosis;
  readonly tookMs: number;
  /** Every call for it, those that failed and the repairs too. */
  readonly calls: readonly Call[];
}

export interface RunOptions {
  readonly folder: string;
  /** Where the series of all scenarios are. */
  readonly prometheus?: string | undefined;
  /** Of models: none is asked when absent. */
  readonly environment?: Readonly<Record<string, string>>;
  /** What the model asks for tokens; without it a call costs what its provider itself says, if it does. */
  readonly price?: NewPrice | undefined;
}

/** However many models there are, and however slow. */
const MODEL_MS = 1_200_000;

/** Plays one scenario to the program as it is: the past, the changes, then the alerts by their webhook. */
export async function runScenario(scenario: Scenario, options: RunOptions): Promise<Ran> {
  const zero = zeroOf(scenario);
  const folder = join(options.folder, scenario.id);
  const backends = await startBackends(scenario, zero, { folder, prometheus: options.prometheus });
  const bot = await openBot(join(folder, 'data'), {
    ...options.environment,
    ...backends.environment,
    LOCALE: scenario.locale,
  });
  try {
    await remember(bot, scenario, zero);
    const { ids, alerts } = await receive(bot, scenario, zero);
    bot.time.now = nowOf(scenario, zero);
    const startedAt = performance.now();
    const [id] = ids;
    const first = id === undefined ? await bot.examine(alerts) : await bot.diagnose(id);
    const tookMs = performance.now() - startedAt;
    const { status, family, summary, causes, steps, evidence } = first;
    const facts = id === undefined ? undefined : await bot.facts(id);
    const byModel = id === undefined || bot.models.length === 0 ? undefined : await askModels(bot, id, options.price);
    return { scenario, status, family, summary, causes, steps, evidence, tookMs, facts, ...(byModel && { byModel }) };
  } finally {
    await bot.close();
    await backends.close();
  }
}

async function askModels(bot: Bot, id: IncidentId, price?: NewPrice): Promise<Asked> {
  if (price !== undefined) await bot.setPrice(price);
  await bot.show(id);
  const startedAt = performance.now();
  const diagnosis = await bot.askModels(id, AbortSignal.timeout(MODEL_MS));
  const tookMs = performance.now() - startedAt;
  return { diagnosis, tookMs, calls: await bot.calls(id) };
}

/** What was told before the alert: changes, and incidents that people closed. */
async function remember(bot: Bot, { backends }: Scenario, zero: EpochMs): Promise<void> {
  for (const { title, summary, labels, cause, verdict, ago_days: days } of backends.past) {
    bot.time.now = zero - days * 86_400_000;
    const id = await bot.open({ title, summary, labels });
    bot.time.now += 60_000;
    await bot.diagnose(id);
    if (verdict === 'rejected') await bot.press(id, { kind: 'reject', reason: cause });
    bot.time.now += 30 * 60_000;
    await bot.resolve(id, cause);
  }
  bot.time.now = zero;
  for (const { at, kind, ...change } of backends.changes) {
    const known = kind === 'maintenance' ? 'infra' : kind === 'event' ? 'other' : kind;
    await bot.change({ ...change, kind: known, at: new Date(zero + at * 60_000).toISOString() });
  }
}

/** All alerts fire, each half a minute after its beginning; those that have resolved by now say so afterwards. */
async function receive(bot: Bot, { alert }: Scenario, zero: EpochMs) {
  const sent = alert.map(({ labels, annotations, startsAt, generatorExpr }): Sent => ({
    labels,
    annotations,
    startsAt: zero + startsAt * 60_000,
    generatorExpr,
  }));
  bot.time.now = Math.max(...sent.map(({ startsAt }) => startsAt)) + 20_000;
  const received = await bot.receive(webhookOf(sent));
  const resolved = sent.filter((_, index) => alert[index]?.status === 'resolved');
  bot.time.now += 20_000;
  const ended = resolved.map((one) => ({ ...one, endsAt: bot.time.now }));
  if (ended.length > 0) await bot.receive(webhookOf(ended));
  return received;
}
