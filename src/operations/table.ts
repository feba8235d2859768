import { ack } from './ack.ts';
import { alert } from './alert.ts';
import { assign } from './assign.ts';
import { bind } from './bind.ts';
import { confirm } from './confirm.ts';
import { diagnose } from './diagnose.ts';
import { createHelp } from './help.ts';
import { incident } from './incident.ts';
import { incidents } from './incidents.ts';
import { lang } from './lang.ts';
import { link } from './link.ts';
import { note } from './note.ts';
import { oncall } from './oncall.ts';
import type { Operation } from './operation.ts';
import { pressTest } from './press-test.ts';
import { reject } from './reject.ts';
import { reopen } from './reopen.ts';
import { report } from './report.ts';
import { resolve } from './resolve.ts';
import { runbook } from './runbook.ts';
import { show } from './show.ts';
import { silence } from './silence.ts';
import { silences } from './silences.ts';
import { status } from './status.ts';
import { stop } from './stop.ts';
import { test } from './test.ts';
import { unbind } from './unbind.ts';
import { unsilence } from './unsilence.ts';
import { usage } from './usage.ts';
import { why } from './why.ts';

/** Everything that can be done, in the order `/help` shows it. */
export const OPERATIONS: readonly Operation<unknown>[] = [
  ack,
  assign,
  note,
  diagnose,
  confirm,
  reject,
  resolve,
  reopen,
  silence,
  unsilence,
  silences,
  incidents,
  incident,
  show,
  status,
  why,
  report,
  alert,
  oncall,
  usage,
  runbook,
  stop,
  lang,
  link,
  bind,
  unbind,
  test,
  pressTest,
  createHelp(() => OPERATIONS),
];

/** By name or by a button's action: `ack`, `confirm_diagnosis`. */
export const findOperation = (name: string): Operation<unknown> | undefined =>
  OPERATIONS.find((operation) => operation.name === name || operation.actions?.includes(name) === true);
