import type { StormMember } from '../../../src/diagnose/storm/ports.ts';

export const START = Date.parse('2026-11-22T03:00:00Z');

/** An incident of a storm, number `at` of it. */
export const member = (at: number, more: Partial<StormMember> = {}): StormMember => ({
  id: `INC-20261122-${String(at).padStart(3, '0')}`,
  title: `KubePodCrashLooping pay-${at}`,
  severity: 'warning',
  resolved: false,
  labels: {
    alertname: 'KubePodCrashLooping',
    severity: 'warning',
    namespace: 'prod',
    node: 'worker-3',
    pod: `pay-${at}`,
  },
  openedAt: START + at * 1000,
  family: 'crash_loop',
  cause: { statement: `pay-${at} lacks a setting`, confidence: 0.6, evidenceIds: ['E1'], key: 'crash_loop/config' },
  evidence: [],
  ...more,
});

export const members = (count: number, more: (at: number) => Partial<StormMember> = () => ({})): StormMember[] =>
  Array.from({ length: count }, (_none, at) => member(at, more(at)));
