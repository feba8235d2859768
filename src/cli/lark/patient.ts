import { type LarkApi, createLarkApi } from '../../channels/lark/api.ts';
import { openDomain } from '../../channels/lark/domain.ts';
import { platformCodeOf } from '../../channels/lark/errors.ts';
import { type Inspection, openInspection } from '../../channels/lark/inspect.ts';
import type { LarkApp } from '../../channels/lark/sdk.ts';
import { LarkRefusal } from '../../channels/lark/wire.ts';
import type { Config } from '../../config.ts';
import { type Log, createLog } from '../../telemetry/log.ts';
import type { Backend } from '../backend.ts';
import { type CliDeps, CommandRefused } from '../command.ts';
import type { Report } from './report.ts';
import { LARK_TEXTS } from './texts.ts';
import type { LarkTexts } from './texts-zh-cn.ts';

/** What every check looks at and reports to. */
export interface Patient extends Report {
  readonly config: Config;
  readonly app: LarkApp;
  readonly t: LarkTexts;
  readonly backend: Backend;
  readonly deps: CliDeps;
  readonly inspection: Inspection;
  readonly api: LarkApi;
  readonly log: Log;
  /** The app's page in the developer console. */
  readonly link: string;
  /** Ends when the time is over, or when somebody interrupts. */
  within(ms: number): AbortSignal;
  /** Throws when somebody has interrupted. */
  goOn(): void;
  readonly interrupted: AbortSignal;
}

/** Longest wait for one answer of the platform. */
export const ANSWER_MS = 10_000;

export interface PatientDeps {
  readonly config: Config;
  readonly app: LarkApp;
  readonly backend: Backend;
  readonly deps: CliDeps;
  readonly report: Report;
  /** Told of each call before it leaves: those of a doctor cost as much as any. */
  readonly onRequest: () => void;
}

export async function meet({ config, app, backend, deps, report, onRequest }: PatientDeps): Promise<Patient> {
  const log = createLog('silent', []);
  const client = { ...app, clock: deps.clock, log, fetchTimeoutMs: ANSWER_MS };
  const interrupted = deps.interrupted();
  const t = LARK_TEXTS[config.LOCALE];
  return {
    ...report,
    config,
    app,
    t,
    backend,
    deps,
    log,
    interrupted,
    inspection: await openInspection({ ...client, onRequest }),
    api: createLarkApi({ ...client, random: deps.random, meter: { count: onRequest } }),
    link: `${openDomain(app.domain)}/app/${app.appId}`,
    within: (ms) => AbortSignal.any([interrupted, AbortSignal.timeout(ms)]),
    goOn: () => {
      if (interrupted.aborted) throw new CommandRefused(t.stopped);
    },
  };
}

/** The platform's code, whichever of our classes carries it. */
export const codeIn = (error: unknown): number | undefined =>
  error instanceof LarkRefusal ? error.platformCode : platformCodeOf(error);

/** Words without a secret: errors of the platform's calls hold none. */
export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Scope missing for the app (99991672) or for the token (99991679). */
const NO_SCOPE = new Set([99991672, 99991679]);

/** The scopes that a refusal names, its own words when it names none; undefined when scopes are not its reason. */
export function scopesNamedIn(error: unknown): string | undefined {
  if (!NO_SCOPE.has(codeIn(error) ?? 0)) return undefined;
  const [, named = ''] = /\[([\w:., -]+)\]/u.exec(reasonOf(error)) ?? [];
  return named === '' ? reasonOf(error) : named;
}
