import { QUEUE_DEPTH, QUOTA } from './allowances.ts';
import { CRASH_LOOP, OOM } from './crash.ts';
import { DATABASE_CONNECTIONS, REPLICATION_LAG } from './databases.ts';
import type { Family } from './family.ts';
import { DISK, NODE_DOWN } from './machines.ts';
import { DNS, NETWORK_ERRORS } from './network.ts';
import { CPU_THROTTLING, MEMORY_PRESSURE } from './pressure.ts';
import { CERTIFICATE, TARGET_DOWN } from './reach.ts';
import { HTTP_5XX, LATENCY } from './requests.ts';
import { CLOCK_SKEW, DEAD_MANS_SWITCH } from './watching.ts';
import { JOB_FAILED, POD_PENDING } from './workloads.ts';

/**
 * Every family, the more particular before the more general: of two that fit an alert equally well the first wins
 * (a kill for want of memory is also a crash, a failing name also a slow answer).
 */
export const FAMILIES: readonly Family[] = [
  REPLICATION_LAG,
  QUEUE_DEPTH,
  DATABASE_CONNECTIONS,
  QUOTA,
  DNS,
  CLOCK_SKEW,
  NETWORK_ERRORS,
  DEAD_MANS_SWITCH,
  CRASH_LOOP,
  OOM,
  POD_PENDING,
  JOB_FAILED,
  NODE_DOWN,
  DISK,
  MEMORY_PRESSURE,
  CPU_THROTTLING,
  HTTP_5XX,
  LATENCY,
  TARGET_DOWN,
  CERTIFICATE,
];
