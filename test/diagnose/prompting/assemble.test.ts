import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../../src/diagnose/diagnosis.ts';
import { estimateTokens } from '../../../src/diagnose/providers/estimate.ts';
import { ModelFailed } from '../../../src/diagnose/providers/model.ts';
import { createRedactor } from '../../../src/diagnose/redact/redactor.ts';
import { factsFor, NOW } from '../world.ts';
import { anyFacts, assembledFor, packFor, verdictFor } from './packs.ts';

const LOCALES = ['zh-CN', 'en-US'] as const;
const HOUR = 3_600_000;
const PASSWORD = ['hunter', '2-', 'Sommer'].join('');

const crash = {
  facts: anyFacts(),
  evidence: [
    { source: 'alert', title: 'Alert · KubePodCrashLooping', text: 'namespace=prod pod=checkout-7d9f8b6c5d-x2x4k' },
    {
      source: 'prometheus',
      title: 'Restarts',
      query: 'increase(kube_pod_container_status_restarts_total[1h])',
      text: '0 → 7, rising since 07:40',
      range: { from: NOW - HOUR, to: NOW },
    },
    { source: 'kubernetes', title: 'Last state', text: 'exit code 1, reason Error' },
    {
      source: 'loki',
      title: 'Errors',
      text: `×41 FATAL: cannot connect to postgres://app:${PASSWORD}@10.0.0.5/orders\n×3 mail to ann@example.com failed`,
      cut: true as const,
    },
    { source: 'changes', title: 'Rollout', text: 'checkout v1.8.2 by CI at 07:38' },
  ],
  given: {
    examples: [
      verdictFor({ reason: 'a wrong database password' }),
      verdictFor({ verdict: 'rejected', cause: 'Too little memory', reason: 'memory was flat', incidentId: 'INC-1' }),
    ],
    runbooks: [{ id: 'crash-loop', title: 'Pods that restart' }],
    relevance: new Map([
      ['E4', 1],
      ['E5', 0.9],
    ]),
  },
};
const silent = {
  facts: factsFor('INC-2', {
    labels: { alertname: 'NodeFilesystemSpaceFillingUp', instance: 'db-1:9100', mountpoint: '/data' },
    summary: '磁盘将在 4 小时内写满',
  }),
  evidence: [
    { source: 'alert', title: 'Alert', text: 'instance=db-1:9100 mountpoint=/data' },
    { source: 'loki', title: 'Loki', text: 'Loki did not answer within 5 s', failed: true as const },
    { source: 'mcp:cmdb', title: 'Owner', text: 'team storage, phone 13812345678' },
  ],
  given: {},
};
const unknown = {
  facts: factsFor('INC-3', { labels: { alertname: 'Zorp' }, summary: 'user bob@example.com says no' }),
  evidence: [
    { source: 'loki', title: 'Log', text: 'free words of node-7.prod.internal' },
    { source: 'prometheus', title: 'zorp_total', query: 'zorp_total', text: 'node-7.prod.internal 42' },
  ],
  given: { policy: 'metadata_only' as const, redactor: createRedactor({ policy: 'metadata_only' }).openRequest() },
};
const PACKS = { crash, silent, unknown };

const filler = (words: number): string =>
  Array.from({ length: words }, (_none, index) => `line ${index} of a log\n`).join('');
const idsIn = (user: string): readonly string[] => Array.from(user.matchAll(/<<<(E\d+) /g), ([, id = '']) => id);

describe('a prompt', () => {
  for (const locale of LOCALES)
    for (const [name, { facts, evidence, given }] of Object.entries(PACKS))
      it(`is the one that was reviewed: ${name} in ${locale}`, async () => {
        // Requests number their pseudonyms, so a redactor is used once.
        const redactor = createRedactor({ policy: 'policy' in given ? given.policy : 'redacted' }).openRequest();
        const { system, user, redacted, cut, tokens } = await assembledFor(packFor(facts, evidence, locale), {
          ...given,
          redactor,
        });
        const whole = `${system}\n\n=== USER ===\n\n${user}\n\n=== ${JSON.stringify({ redacted, cut, tokens })}\n`;
        await expect(whole).toMatchFileSnapshot(join(import.meta.dirname, 'snapshots', `${name}.${locale}.txt`));
      });

  it('shows the most telling first, and says what failed and what was cut', async () => {
    const { user } = await assembledFor(packFor(crash.facts, crash.evidence, 'en-US'), crash.given);
    expect(idsIn(user)).toEqual(['E4', 'E5', 'E1', 'E2', 'E3']);
    expect(user).toMatch(/<<<E4 nonce=\w+ kind=logs source=loki cut=yes>>>/);
    const { user: other } = await assembledFor(packFor(silent.facts, silent.evidence, 'en-US'));
    expect(other).toMatch(/<<<E2 nonce=\w+ kind=logs source=loki failed=yes>>>/);
  });

  it('shows verdicts on this very incident before those on others', async () => {
    const { user } = await assembledFor(packFor(crash.facts, [], 'en-US'), crash.given);
    expect(user).toContain(
      '- REJECTED for this incident: Too little memory; reason: memory was flat\n- CONFIRMED for checkout restarts',
    );
  });

  it('has people restored by the same request alone', async () => {
    const redactor = createRedactor().openRequest();
    const { user, redacted } = await assembledFor(packFor(crash.facts, crash.evidence, 'en-US'), { redactor });
    expect(user).toContain('mail to ⟦email-1⟧ failed');
    expect(redacted).toBe(2);
    expect(redactor.restore('⟦email-1⟧')).toBe('ann@example.com');
  });

  it('has no words that were written freely where only metadata may leave', async () => {
    const { user } = await assembledFor(packFor(unknown.facts, unknown.evidence, 'en-US'), {
      ...unknown.given,
      examples: [verdictFor({})],
    });
    for (const word of ['free words', 'says no', 'bob@', 'node-7', 'A changed configuration'])
      expect(user).not.toContain(word);
    expect(user).toContain('⟦host-1⟧ 42');
  });

  it('has no secret in its marks, and no runbook whose id could be anything else', async () => {
    const key = ['gh', 'p_', 'aB3dE5fG7h'.repeat(3)].join('');
    const { user } = await assembledFor(packFor(anyFacts(), [{ source: `mcp:${key}` }], 'en-US'), {
      runbooks: [
        { id: 'disk-full', title: 'Disks' },
        { id: '../secret', title: 'Elsewhere' },
      ],
    });
    expect(user).not.toContain(key);
    expect(user).toContain('- disk-full: Disks\n<<<END');
  });

  it('is the same for the same input', async () => {
    const once = async () => assembledFor(packFor(crash.facts, crash.evidence, 'zh-CN'), crash.given);
    expect(await once()).toEqual(await once());
  });

  it('refuses a nonce that could be guessed or break its marks', async () => {
    for (const nonce of ['', 'n1', 'has space in it', 'a'.repeat(65), '>>>>>>>>>>'])
      await expect(assembledFor(packFor(anyFacts(), [], 'en-US'), { nonce })).rejects.toThrow('nonce');
  });
});

describe('the budget', () => {
  it('is never exceeded, whatever there is', async () => {
    const item = fc.record({
      source: fc.constantFrom('loki', 'prometheus', 'kubernetes', 'changes', 'incident', 'alert', 'mcp:x', 'runbook'),
      title: fc.string({ maxLength: 400 }),
      text: fc.oneof(
        fc.integer({ min: 0, max: 3000 }).map(filler),
        fc.integer({ min: 0, max: 5000 }).map((size) => '数据库'.repeat(size)),
        fc.string({ unit: 'binary' }),
      ),
      failed: fc.option(fc.constant(true as const), { nil: undefined }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(item, { maxLength: 30 }),
        fc.integer({ min: 3500, max: 24_000 }),
        async (items, budgetTokens) => {
          const evidence = items.map(({ failed, ...rest }): Partial<Evidence> =>
            failed === undefined ? rest : { ...rest, failed },
          );
          const { tokens, system, user, cut } = await assembledFor(packFor(anyFacts(), evidence, 'zh-CN'), {
            budgetTokens,
          });
          expect(tokens).toBe(estimateTokens(system) + estimateTokens(user));
          expect(tokens).toBeLessThanOrEqual(budgetTokens);
          const shown = new Set(idsIn(user));
          for (const [index] of items.entries())
            expect(shown.has(`E${index + 1}`) || cut.includes(`E${index + 1}`)).toBe(true);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('has room for every small item beside one that would fill it alone', async () => {
    const small = Array.from({ length: 8 }, (_none, index) => ({
      source: 'loki',
      title: 'Small',
      text: `fact ${index}`,
    }));
    const { user, cut } = await assembledFor(
      packFor(anyFacts(), [{ source: 'loki', text: filler(9000) }, ...small], 'en-US'),
    );
    expect(cut).toEqual(['E1']);
    for (const { text } of small) expect(user).toContain(text);
    expect(user).toMatch(/<<<E1 nonce=\w+ kind=logs source=loki cut=yes>>>/);
  });

  it('is used: what one kind does not need, another gets', async () => {
    const { tokens } = await assembledFor(packFor(anyFacts(), [{ source: 'incident', text: filler(9000) }], 'en-US'));
    expect(tokens).toBeGreaterThan(8000 * 0.9);
  });

  it('is shared by kinds: no flood of logs drowns the metrics', async () => {
    const flood = Array.from({ length: 40 }, () => ({ source: 'loki', text: filler(400) }));
    const { user } = await assembledFor(
      packFor(anyFacts(), [...flood, { source: 'prometheus', text: filler(30) }], 'en-US'),
    );
    expect(idsIn(user)).toContain('E41');
  });

  it('goes to the relevant: of many large items the least relevant are left out, and named', async () => {
    const many = Array.from({ length: 60 }, () => ({ source: 'loki', text: filler(200) }));
    const { user, cut } = await assembledFor(packFor(anyFacts(), many, 'en-US'), {
      relevance: new Map([
        ['E60', 1],
        ['E59', 0.9],
      ]),
    });
    expect(idsIn(user).slice(0, 2)).toEqual(['E60', 'E59']);
    const missing = many.map((_item, index) => `E${index + 1}`).filter((id) => !idsIn(user).includes(id));
    expect(missing.length).toBeGreaterThan(3);
    expect(cut).toEqual(expect.arrayContaining(missing));
    expect(user).toContain(`Left out for lack of room: ${missing.slice(0, 3).join(', ')}`);
  });

  it('says of the rules what is given of them, not what they would say anew', async () => {
    const pack = packFor(crash.facts, crash.evidence, 'en-US');
    const cause = { statement: 'The moon', confidence: 0.31, evidenceIds: ['E2'], key: 'moon/full' };
    const { user } = await assembledFor(pack, { rules: { family: 'moon', summary: 'It shines.', causes: [cause] } });
    expect(user).toContain('kind of trouble: moon (by its name)\nIt shines.\n- The moon (0.31) [E2]\n');
  });

  it('that cannot hold the rules is refused in the words of the chain', async () => {
    await expect(assembledFor(packFor(anyFacts(), [], 'en-US'), { budgetTokens: 1500 })).rejects.toThrow(ModelFailed);
    await expect(assembledFor(packFor(anyFacts(), [], 'en-US'), { budgetTokens: 1500 })).rejects.toMatchObject({
      fault: 'too_long',
    });
  });

  it('never leaves half of a secret at the cut', async () => {
    const secret = `${['gh', 'p_'].join('')}${'aB3dE5fG7h'.repeat(4)}`;
    for (let before = 0; before < 60; before += 7) {
      const text = `${'x'.repeat(before)}${filler(480)}${`at ${secret} and `.repeat(400)}`;
      const { user } = await assembledFor(packFor(anyFacts(), [{ source: 'loki', text }], 'en-US'));
      expect(user).not.toMatch(/ghp_|aB3dE5/);
    }
  });
});
