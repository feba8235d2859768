import { describe, expect, it } from 'vitest';
import { FAMILIES } from '../../../src/diagnose/rules/families.ts';
import { commonsOf } from '../../../src/diagnose/storm/commons.ts';
import { stormDraft } from '../../../src/diagnose/storm/draft.ts';
import { stormFindings } from '../../../src/diagnose/storm/findings.ts';
import { KIND_NAMES } from '../../../src/diagnose/storm/kinds.ts';
import type { StormMember } from '../../../src/diagnose/storm/ports.ts';
import type { Locale } from '../../../src/types.ts';
import { workedFor } from '../../support/worked.ts';
import { START, member, members } from './members.ts';

function told(all: readonly StormMember[], locale: Locale = 'en-US', total = all.length) {
  const commons = commonsOf(all);
  const findings = stormFindings({ id: 's', startedAt: START, ended: false, total, members: all }, commons, locale);
  const evidence = findings.map((finding, index) => ({ id: `E${index + 1}`, ...finding }));
  return { commons, evidence, draft: stormDraft(all, commons, evidence, locale) };
}

const latency = {
  family: 'latency',
  cause: { statement: 'slow', confidence: 0.9, evidenceIds: [], key: 'latency/dependency' },
};

const elsewhere = (at: number) =>
  at < 38 ? {} : { family: 'latency', labels: { alertname: 'Slow', namespace: `n${at}`, node: `worker-${at}` } };

describe('what a storm’s incidents have in common', () => {
  it('is said in one sentence, the narrowest label first', () => {
    const { draft } = told(members(40, elsewhere));
    expect(draft.summary).toBe(
      '38 of 40 incidents share node=worker-3; 38 of 40 incidents share namespace=prod; 38 of 40 are of the kind crash loop.',
    );
    expect(told(members(40, elsewhere), 'zh-CN').draft.summary).toBe(
      '40 个故障中有 38 个带标签 node=worker-3；40 个故障中有 38 个带标签 namespace=prod；40 个中有 38 个属于“反复重启”。',
    );
  });

  it('says "all" of all', () => {
    const all = members(12);
    expect(told(all).draft.summary).toMatch(/^All 12 incidents share \S+;.* all 12 are of the kind crash loop\.$/);
    expect(told(all, 'zh-CN').draft.summary).toMatch(/^12 个故障都带标签 \S+；.*12 个都属于“反复重启”。$/);
  });

  it('leaves out what says who sent it, and what only some share', () => {
    const all = members(10, (at) => ({
      labels: {
        alertname: 'A',
        severity: 'warning',
        prometheus: 'k8s',
        receiver: 'x',
        zone: 'a',
        rack: at < 7 ? 'r1' : 'r2',
      },
    }));
    expect(commonsOf(all).shared).toEqual([{ name: 'zone', value: 'a', count: 10 }]);
  });

  it('is nothing when it is nothing, and then no cause is named', () => {
    const { draft } = told(members(4, (at) => ({ labels: { alertname: `A${at}` }, family: '' })));
    expect(draft).toMatchObject({
      status: 'inconclusive',
      summary: '4 incidents have nothing obvious in common.',
      causes: [],
    });
  });

  it('does not depend on the order of equals', () => {
    const all = members(12, elsewhere);
    expect(commonsOf(all.toReversed())).toEqual(commonsOf(all));
  });

  it('bears labels that are named like things of the language', () => {
    const labels = { constructor: 'a', toString: 'b', alertname: 'A' };
    expect(commonsOf(members(3, () => ({ labels }))).shared.map(({ name }) => name)).toEqual([
      'constructor',
      'toString',
    ]);
  });
});

describe('the cause that rules name for a storm', () => {
  it('is the one most of the larger kind have first, in words about all, and never sure', () => {
    const { draft, evidence } = told(members(40, elsewhere));
    const [cause] = draft.causes;
    expect(cause).toMatchObject({ key: 'crash_loop/config', confidence: 0.5 });
    expect(cause?.statement).toContain('Configuration it needs to start');
    expect(cause?.statement).not.toContain('pay-');
    const cited = evidence.filter(({ id }) => cause?.evidenceIds.includes(id)).map(({ text }) => text);
    expect(cited.join('\n')).toContain('38 of 40 incidents share node=worker-3');
    expect(cited.join('\n')).toContain('crash_loop 38');
  });

  it('is less sure the fewer have it', () => {
    const { draft } = told(members(40, (at) => (at < 21 ? {} : latency)));
    expect(draft.causes[0]).toMatchObject({ key: 'crash_loop/config', confidence: 0.31 });
  });

  it('is none when no kind has the majority', () => {
    const { draft } = told(members(10, (at) => (at < 5 ? {} : { family: 'latency' })));
    expect(draft).toMatchObject({ status: 'inconclusive', causes: [] });
  });

  it('has a name for every family', () => {
    expect(FAMILIES.map(({ id }) => id).filter((id) => KIND_NAMES[id] === undefined)).toEqual([]);
  });
});

describe('the evidence of a storm', () => {
  it('counts, tells what began first, and holds what several found', () => {
    const change = { id: 'E4', source: 'changes', title: 'Release of net-agent 2.1', text: 'v2.1', at: START };
    const failed = {
      id: 'E5',
      source: 'loki',
      title: 'Loki did not answer',
      text: '',
      at: START,
      failed: true,
    } as const;
    const all = members(6, (at) => ({ evidence: at < 3 ? [change, failed] : [] }));
    const { evidence } = told(
      [member(9, { openedAt: START - 5000, title: 'KubeNodeNotReady worker-3' }), ...all],
      'en-US',
      90,
    );
    const text = evidence.map((one) => `${one.title}\n${one.text}`).join('\n\n');
    expect(text).toContain('The worst 7 of 90 incidents, by alert name\nKubePodCrashLooping 7');
    expect(text).toContain('first 2026-11-22T02:59:55.000Z, last 2026-11-22T03:00:05.000Z, 7 within the first minute');
    expect(text).toContain('2026-11-22T02:59:55.000Z KubeNodeNotReady worker-3');
    expect(text).toContain('Evidence that 3 of 3 incidents have: Release of net-agent 2.1');
    expect(text).not.toContain('did not answer');
  });

  it('stays short, and is made quickly, whatever the storm is made of', () => {
    const long = 'x'.repeat(5000);
    const labels = (at: number) =>
      Object.fromEntries(Array.from({ length: 60 }, (_none, n) => [`${n}${long}`, `${at}${long}`]));
    const all = members(500, (at) => ({ title: `${at}${long}`, labels: labels(at), family: '' }));
    const { evidence } = told(all);
    expect(workedFor(() => told(all))).toBeLessThan(500);
    expect(evidence.length).toBeLessThan(30);
    expect(JSON.stringify(evidence).length).toBeLessThan(20_000);
  });
});
