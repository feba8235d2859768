import type { Plan } from '../plan.ts';
import { LATENCY, MEMORY, MEMORY_FREE, PROCESSOR, REQUESTS, RESTARTS, UP } from './metric.ts';

/** Of an alert that no family fits: how what it names is doing in general. */
export const GENERAL_PLAN: Plan = {
  metrics: [...RESTARTS, ...MEMORY, REQUESTS, LATENCY, UP, ...PROCESSOR, MEMORY_FREE],
  logWords: [],
  kubernetes: ['pod', 'events', 'rollout', 'node'],
  probe: true,
};
