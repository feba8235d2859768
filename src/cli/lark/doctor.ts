import type { Command } from 'commander';
import { createCallMeter } from '../../channels/lark/meter.ts';
import { createLog } from '../../telemetry/log.ts';
import type { Backend } from '../backend.ts';
import { type CliDeps, CommandRefused, type OnBackend } from '../command.ts';
import { checkAddresses } from './check-addresses.ts';
import { checkBot, checkScopes, checkToken } from './check-app.ts';
import { checkChats } from './check-chats.ts';
import { checkConfig } from './check-config.ts';
import { type Beside, checkConnection, lookBeside } from './check-connection.ts';
import { checkChat, checkPress } from './check-press.ts';
import { type Patient, meet } from './patient.ts';
import { createReport } from './report.ts';
import { LARK_TEXTS } from './texts.ts';

interface DoctorOptions {
  readonly chat?: string;
  readonly send?: true;
}

/**
 * `zhiban doctor lark`: everything between our configuration and a pressed button, one line each, in the order in which
 * it is set up. Ends with an error when something needs to be mended.
 */
export function addLarkDoctor(doctor: Command, deps: CliDeps, onBackend: OnBackend): void {
  doctor
    .command('lark')
    .description('check the app, its scopes, the connection and the groups of Lark or Feishu')
    .option('--chat <oc_…>', 'look at this group')
    .option('--send', 'send a test card there and wait a minute for its button to be pressed')
    .action((options: DoctorOptions) => onBackend((backend) => examine(options, backend, deps)));
}

async function examine(options: DoctorOptions, backend: Backend, deps: CliDeps): Promise<void> {
  const config = deps.config();
  const { LARK_APP_ID: appId, LARK_APP_SECRET: appSecret, LARK_DOMAIN: domain, LOCALE } = config;
  const t = LARK_TEXTS[LOCALE];
  if (appId === undefined || appSecret === undefined) throw new CommandRefused(t.config.noApp);
  if (options.chat !== undefined && !/^oc_\w+$/u.test(options.chat))
    throw new CommandRefused(t.press.badChat(options.chat));
  if (options.send && options.chat === undefined) throw new CommandRefused(t.press.sendNeedsChat);
  const report = createReport(deps.print);
  const { clock } = deps;
  const meter = createCallMeter({ app: `lark:${appId}`, rows: backend.apiCalls, clock, log: createLog('silent', []) });
  const app = { appId, appSecret, domain };
  try {
    await goThrough(options, await meet({ config, app, backend, deps, report, onRequest: meter.count }));
  } finally {
    await meter.settled();
  }
  if (report.bad() > 0) throw new CommandRefused(t.summary(report.bad()));
}

async function goThrough(options: DoctorOptions, patient: Patient): Promise<void> {
  checkConfig(patient);
  const known = await checkToken(patient);
  if (known) {
    await checkBot(patient);
    await checkScopes(patient);
  }
  const beside = await lookBeside(patient);
  await checkWayIn(patient, beside);
  const chats = known ? await checkChats(patient) : undefined;
  if (options.chat === undefined || chats === undefined) return;
  if (checkChat(options.chat, chats, patient) && options.send) await checkPress(options.chat, patient, beside);
}

const checkWayIn = (patient: Patient, beside: Beside | undefined): Promise<void> =>
  patient.config.LARK_MODE === 'webhook' ? checkAddresses(patient) : checkConnection(patient, beside);
