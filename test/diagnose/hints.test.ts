import { describe, expect, it } from 'vitest';
import { hintsFor } from '../../src/diagnose/hints.ts';
import { workedFor } from '../support/worked.ts';

const CRASH = {
  title: 'Pod is crash looping.',
  summary: 'Pod is crash looping.',
  labels: { alertname: 'KubePodCrashLooping', namespace: 'prod', pod: 'payment-7f9c8d', container: 'app' },
  annotations: { description: 'Pod prod/payment-7f9c8d is in waiting state (reason: "CrashLoopBackOff").' },
};

describe('the hints of the first card', () => {
  it('name what it is and where, in both languages', () => {
    expect(hintsFor(CRASH, 'en-US')).toEqual([
      'Pod payment-7f9c8d in namespace prod restarts again and again (crash loop)',
    ]);
    expect(hintsFor(CRASH, 'zh-CN')).toEqual(['Pod payment-7f9c8d（命名空间 prod）反复重启（崩溃循环）']);
  });

  it('add why, when the alert itself says so', () => {
    const told = { ...CRASH, annotations: { description: 'last exit: OOMKilled, exit code 137' } };
    expect(hintsFor(told, 'en-US')[1]).toBe('It is killed at its memory limit (OOMKilled, exit code 137)');
    expect(hintsFor(told, 'zh-CN')[1]).toContain('OOMKilled');
  });

  it('read the Chinese labels of a plain message', () => {
    const told = { title: '磁盘使用率过高', labels: { 主机: 'db-01', 挂载点: '/data', 级别: '严重' } };
    expect(hintsFor(told, 'zh-CN')).toEqual(['db-01 的 /data 磁盘空间快用完了']);
  });

  it('leave out what is not known instead of leaving a gap', () => {
    for (const locale of ['zh-CN', 'en-US'] as const) {
      for (const line of hintsFor({ title: 'KubePodCrashLooping', labels: {} }, locale)) {
        expect(line).not.toMatch(/[{}[\]]|undefined| {2}/);
      }
    }
  });

  it('say nothing about what no rule knows', () => {
    expect(hintsFor({ title: '订单金额异常', labels: { alertname: 'OrderAmountOdd' } }, 'zh-CN')).toEqual([]);
  });

  it('keep hostile values on one short line and never read them as templates', () => {
    const pod = `{namespace}[ {pod}]\n\u202E@all ${'x'.repeat(5000)}`;
    const [line = ''] = hintsFor({ title: 't', labels: { alertname: 'KubePodCrashLooping', pod } }, 'en-US');
    expect(line).toContain('Pod {namespace}[ {pod}] @all');
    expect(line).not.toMatch(/[\n\u202E]/);
    expect(line.length).toBeLessThan(200);
  });

  it('take less than a millisecond', () => {
    const told = { ...CRASH, annotations: { description: 'word '.repeat(400), runbook: 'text '.repeat(400) } };
    const hundred = (): void => {
      for (let count = 0; count < 100; count++) hintsFor(told, 'zh-CN');
    };
    hundred();
    expect(workedFor(hundred)).toBeLessThan(100);
  });
});
