import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRunbooks } from '../../../../src/diagnose/evidence/runbooks/runbooks.ts';
import { createRunbooksSource } from '../../../../src/diagnose/evidence/runbooks/source.ts';
import type { About } from '../../../../src/diagnose/evidence/source.ts';
import { subjectOf } from '../../../../src/diagnose/subject.ts';
import { createStopwatch, workedUntil } from '../../../support/worked.ts';
import { NOW, factsFor } from '../../world.ts';

const EXAMPLES = join(import.meta.dirname, '..', '..', '..', '..', 'docs', 'examples', 'runbooks');

let folder: string;
const time = { now: NOW };
const clock = { now: () => time.now };
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zhiban-runbooks-'));
  time.now = NOW;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(path: string, text: string | Buffer): string {
  const place = join(folder, path);
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(place, text);
  return place;
}

const open = (at = folder) => createRunbooks({ folder: at, clock });
const factsOf = (alertname: string, more: Readonly<Record<string, string>> = {}, rest: object = {}) =>
  factsFor('INC-1', { labels: { alertname, ...more }, ...rest });
const matched = async (facts: ReturnType<typeof factsOf>, at = folder) =>
  (await open(at).forIncident(facts)).map(({ runbook, reason, section }) => [runbook.id, reason, section?.heading]);

describe('the folder of runbooks', () => {
  it('may be missing', async () => {
    const none = open(join(folder, 'none'));
    expect([await none.list(), await none.problems(), await none.search('disk'), await none.get('x')]).toEqual([
      [],
      [],
      [],
      undefined,
    ]);
    expect(await none.forIncident(factsOf('Disk'))).toEqual([]);
  });

  it('gives every Markdown file an id that stays, and a title', async () => {
    put('k8s/KubePodCrashLooping.md', '# A pod restarts\n\ntext');
    put('磁盘.md', '没有标题');
    put('named.markdown', '---\nid: my-id\ntitle: 42\n---\n# Other');
    put('notes.txt', '# no runbook');
    put('.git/HEAD.md', '# none of ours');
    put('a b.md', '');
    put('a-b.md', '');
    const list = await open().list();
    expect(list.map(({ path, title }) => [path, title])).toEqual([
      ['a b.md', 'a b'],
      ['a-b.md', 'a-b'],
      ['k8s/KubePodCrashLooping.md', 'A pod restarts'],
      ['named.markdown', '42'],
      ['磁盘.md', '磁盘'],
    ]);
    const ids = list.map(({ id }) => id);
    expect(ids).toEqual([
      'a-b',
      expect.stringMatching(/^a-b-[0-9a-f]{8}$/),
      'k8s-kube-pod-crash-looping',
      'my-id',
      expect.stringMatching(/^runbook-[0-9a-f]{8}$/),
    ]);
    expect((await open().list()).map(({ id }) => id)).toEqual(ids);
    expect(ids.every((id) => /^[a-z0-9-]{1,64}$/.test(id))).toBe(true);
    expect((await open().get('my-id'))?.path).toBe('named.markdown');
  });

  it('is read again when a file changes, comes or goes, and not at every question', async () => {
    const first = put('a.md', '# One');
    const runbooks = open();
    const titles = async (laterMs: number) => {
      time.now += laterMs;
      return (await runbooks.list()).map(({ title }) => title);
    };
    expect(await titles(0)).toEqual(['One']);
    put('a.md', '# Two');
    utimesSync(first, 1, 1);
    put('b.md', '# New');
    expect(await titles(1000)).toEqual(['One']);
    expect(await titles(5000)).toEqual(['Two', 'New']);
    rmSync(first);
    expect(await titles(6000)).toEqual(['New']);
    expect((await runbooks.search('new'))[0]?.runbook.title).toBe('New');
  });

  it('is asked by many at once and looked at once', async () => {
    for (let at = 0; at < 50; at += 1) put(`r${at}.md`, `# Runbook ${at}`);
    const runbooks = open();
    const lists = await Promise.all(Array.from({ length: 5 }, () => runbooks.list()));
    expect(new Set(lists).size).toBe(1);
    expect(lists[0]).toHaveLength(50);
  });

  it('is never left by a link, and may be made of links as a ConfigMap is', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'zhiban-outside-'));
    writeFileSync(join(outside, 'secret.md'), '# Secret');
    put('..2026_11/mounted.md', '# Mounted');
    symlinkSync('..2026_11', join(folder, '..data'));
    symlinkSync('..data/mounted.md', join(folder, 'mounted.md'));
    symlinkSync(join(outside, 'secret.md'), join(folder, 'stolen.md'));
    symlinkSync(outside, join(folder, 'escape'));
    symlinkSync('.', join(folder, 'ring'));
    symlinkSync('nowhere.md', join(folder, 'dangling.md'));
    const runbooks = open();
    expect((await runbooks.list()).map(({ path }) => path)).toEqual(['mounted.md']);
    const problems = await runbooks.problems();
    expect(problems.filter((one) => one.includes('leads out'))).toHaveLength(2);
    expect(problems.some((one) => one.startsWith('dangling.md'))).toBe(true);
    rmSync(outside, { recursive: true });
  });

  it('does not wait for a pipe, and leaves out what is too large or broken, saying so', async () => {
    execFileSync('mkfifo', [join(folder, 'pipe.md')]);
    put('large.md', 'x'.repeat(256 * 1024 + 1));
    put('fits.md', 'x'.repeat(256 * 1024));
    put('bytes.md', Buffer.from([0x23, 0x20, 0xff, 0xfe, 0x00, 0x41]));
    const told: string[] = [];
    const runbooks = createRunbooks({ folder, clock, report: (problem) => told.push(problem) });
    expect((await runbooks.list()).map(({ path }) => path)).toEqual(['bytes.md', 'fits.md']);
    const problems = [expect.stringMatching(/^large\.md: larger than 256 KiB/)];
    expect(await runbooks.problems()).toEqual(problems);
    time.now += 10_000;
    put('new.md', '# New');
    await runbooks.list();
    expect(told).toEqual(problems);
  });

  it('counts a thousand files, and says that the rest is left out', async () => {
    for (let at = 0; at < 1002; at += 1) put(`r${String(at).padStart(4, '0')}.md`, '# x');
    const runbooks = open();
    const list = await runbooks.list();
    expect([list.length, list.at(-1)?.path]).toEqual([1000, 'r0999.md']);
    expect(await runbooks.problems()).toEqual([expect.stringContaining('more than 1000 files')]);
  });
});

describe('front matter', () => {
  const read = async (text: string) => {
    put('a.md', text);
    const runbooks = open();
    const [one] = await runbooks.list();
    return { one, problems: await runbooks.problems() };
  };

  it('tells alerts and labels, as a word or a list, with values of any kind', async () => {
    const { one, problems } = await read(
      '\uFEFF---\r\nalerts: Disk*\r\nlabels: {team: pay, port: 5432, on: true}\r\n---\r\n# T\r\n',
    );
    expect(one).toMatchObject({ alerts: ['Disk*'], labels: { team: 'pay', port: '5432', on: 'true' }, text: '# T\n' });
    expect(problems).toEqual([]);
  });

  it.each([
    ['that is no YAML', '---\nalerts: [a\n---\n# T', /^a\.md: front matter: /],
    ['with a wrong id', '---\nid: ../etc\n---\n# T', /id must be small letters/],
    ['with alerts that are no names', '---\nalerts: {a: b}\n---\n# T', /alerts /],
    ['with aliases', '---\nalerts: &a [x]\nlabels: {a: *a}\n---\n# T', /front matter: /],
  ])('%s counts for nothing, and the text still does', async (_name, text, problem) => {
    const { one, problems } = await read(text);
    expect(one).toMatchObject({ title: 'T', alerts: [], labels: {} });
    expect(problems[0]).toMatch(problem);
  });

  it('with a tag of its own makes nothing but text', async () => {
    const { one } = await read('---\ntitle: !!js/function "x"\n---\n# T');
    expect(one?.title).toBe('x');
  });

  it('that does not end is text', async () => {
    const { one } = await read('---\nalerts: [a]\n# T');
    expect(one).toMatchObject({ title: 'T', alerts: [] });
  });

  it('does not unfold without end', async () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...'bcdefgh'.split('').map((name, at) => `${name}: &${name} [${Array(9).fill(`*${'abcdefg'[at]}`).join(',')}]`),
    ];
    const worked = createStopwatch();
    const { one, problems } = await read(`---\n${bomb.join('\n')}\n---\n# T`);
    expect([one?.title, problems.length]).toEqual(['T', 1]);
    expect(worked()).toBeLessThan(500);
  });
});

describe('which runbook is for an incident', () => {
  beforeEach(() => {
    put('by-alert.md', '---\nalerts: ["KubePod*"]\n---\n# Pods\n## Mend\nroll back');
    put('by-labels.md', '---\nlabels: {team: "pay*"}\n---\n# Payments');
    put('by-both.md', '---\nalerts: [KubePodCrashLooping]\nlabels: {cluster: east}\n---\n# East');
    put('NodeDown.md', '# A node is gone\n\ncall the data centre');
    put(
      'many.md',
      '# Databases\n## MysqlDown\nstart it\n### Then\ncheck it\n## Alert: PgTooSlow\nvacuum\n```\n## NotAHeading\n```',
    );
  });

  it.each([
    ['its name in the front matter', factsOf('kubepodcrashlooping'), [['by-alert', 'alert', 'Mend']]],
    [
      'front matter with labels too',
      factsOf('KubePodCrashLooping', { cluster: 'east' }),
      [
        ['by-alert', 'alert', 'Mend'],
        ['by-both', 'alert', undefined],
      ],
    ],
    ['its labels', factsOf('Anything', { team: 'payments' }), [['by-labels', 'labels', undefined]]],
    ['the name of a file', factsOf('node_down'), [['node-down', 'name', 'A node is gone']]],
    ['a heading', factsOf('MysqlDown'), [['many', 'heading', 'MysqlDown']]],
    ['a heading with more words', factsOf('PgTooSlow'), [['many', 'heading', 'Alert: PgTooSlow']]],
    [
      'its words alone, for what looks like a heading is code',
      factsOf('NotAHeading'),
      [['many', 'text', 'Alert: PgTooSlow']],
    ],
    ['nothing', factsOf('Quite'), []],
  ])('is told by %s', async (_name, facts, expected) => {
    expect(await matched(facts)).toEqual(expected);
  });

  it('is told by the address that the alert brings, when it ends in the name of the file', async () => {
    const at = (runbook_url: string) => matched(factsOf('X1', {}, { annotations: { runbook_url } }));
    expect(await at('https://wiki.example/ops/NodeDown.md')).toEqual([['node-down', 'url', 'A node is gone']]);
    expect(await at('https://wiki.example/ops/nodedown/#now')).toEqual([['node-down', 'url', 'A node is gone']]);
    for (const other of [
      'https://wiki.example/ops/NodeDown/more',
      'file:///x/NodeDown.md',
      'NodeDown.md',
      'https://w/%E0%A4%A',
    ])
      expect(await at(other)).toEqual([]);
    const links = [{ kind: 'runbook' as const, url: 'https://wiki.example/NodeDown' }];
    const [one] = await open().forIncident(factsOf('X1', {}, { links }));
    expect(one?.url).toBe('https://wiki.example/NodeDown');
  });

  it('has the section with everything below it', async () => {
    const [one] = await open().forIncident(factsOf('MysqlDown'));
    expect(one?.section?.text).toBe('start it\n\nThen\ncheck it');
  });

  it('is told by its words when nothing names it, and never those that name others', async () => {
    put(
      'pool.md',
      '# Connection pool exhausted\n\nTimeout waiting for a connection from the pool: find the slow query.',
    );
    put('zh.md', '# 数据库连接池耗尽\n\n获取连接超时，先找慢查询。');
    put(
      'other.md',
      '---\nalerts: [Other]\n---\n# Connection pool exhausted\n\nTimeout waiting for a connection from the pool.',
    );
    for (let at = 0; at < 8; at += 1)
      put(`noise${at}.md`, `# Topic ${at}\n\nThe service is slow; look at the dashboards and call the owner.`);
    const english = factsFor('INC-1', {
      labels: { alertname: 'AppErrors' },
      title: 'timeout waiting for connection pool',
    });
    expect(await matched(english)).toEqual([['pool', 'text', 'Connection pool exhausted']]);
    const chinese = factsFor('INC-1', { labels: { alertname: 'AppErrors' }, title: '订单服务数据库连接池耗尽' });
    expect((await matched(chinese))[0]?.slice(1)).toEqual(['text', '数据库连接池耗尽']);
  });

  it('takes no time for hostile patterns and texts', async () => {
    put('evil.md', `---\nalerts: ["${'*a'.repeat(140)}b"]\n---\n${'#'.repeat(5000)}\n${'[('.repeat(50_000)}`);
    expect(await workedUntil(() => open().forIncident(factsOf('a'.repeat(190))))).toBeLessThan(1000);
  });
});

describe('runbooks as evidence', () => {
  const aboutOf = (facts: ReturnType<typeof factsOf>, locale: About['locale']): About => ({
    facts,
    family: '',
    plan: { metrics: [], logWords: [], kubernetes: [], probe: false },
    subject: subjectOf(facts.incident),
    startedAt: NOW,
    now: NOW,
    locale,
  });
  const collect = (facts: ReturnType<typeof factsOf>, locale: About['locale'], at = folder) =>
    createRunbooksSource({ runbooks: open(at) }).collect(aboutOf(facts, locale), AbortSignal.timeout(60_000));

  it('bring the id, why it is this one, and the section, bounded', async () => {
    put('disk.md', `---\nalerts: [Disk]\n---\n# Disk\n## Mend it\n${'磁盘 disk '.repeat(1000)}`);
    const [found] = await collect(factsOf('Disk'), 'en-US');
    expect(found).toMatchObject({ source: 'runbook', title: 'Runbook · Disk › Mend it', at: NOW, cut: true });
    expect(found?.text.split('\n')[0]).toBe('runbook id: disk (it names this alert)');
    expect(found?.text.length).toBeLessThan(1700);
    const [chinese] = await collect(factsOf('Disk'), 'zh-CN');
    expect(chinese?.title).toBe('手册 · Disk › Mend it');
    expect(chinese?.text.split('\n')[0]).toBe('手册编号: disk (手册写明适用于这个告警)');
    expect(await collect(factsOf('None'), 'en-US')).toEqual([]);
  });

  it('are plain lines, whose commands are as they were written', async () => {
    const lines = [
      '**Stop** the *writer* `app-<n>`, see [the plan](https://wiki/plan):',
      '',
      '- [ ] look at `up{__name__="a"} * 2 * 3`',
      '> A quote<br>',
      '```sh',
      'kubectl logs <pod> # `x` **y**',
      '```',
    ];
    put('mend.md', `---\nalerts: [Disk]\n---\n# Disk\n## Mend\n${lines.join('\n')}`);
    const [found] = await collect(factsOf('Disk'), 'en-US');
    expect(found?.text.split('\n').slice(1)).toEqual([
      'Stop the writer app-<n>, see the plan:',
      '',
      '- look at up{__name__="a"} * 2 * 3',
      'A quote',
      'kubectl logs <pod> # `x` **y**',
    ]);
    expect(found?.cut).toBeUndefined();
  });

  it.each([
    [factsOf('KubePodCrashLooping', { pod: 'a-1' }), 'kube-pod-crash-looping'],
    [factsOf('磁盘使用率过高'), 'disk-full'],
    [factsOf('HighErrorRate', { service: 'checkout' }), 'checkout'],
    [factsOf('MysqlTooManyConnections'), 'mysql'],
  ])('of the examples fit what they are for', async (facts, id) => {
    const [found] = await collect(facts, 'en-US', EXAMPLES);
    expect(found?.text).toContain(`runbook id: ${id} `);
    expect(await open(EXAMPLES).problems()).toEqual([]);
  });
});

describe('searching', () => {
  it('finds the best three, by name before words, in both languages', async () => {
    const runbooks = open(EXAMPLES);
    const ids = async (words: string) => (await runbooks.search(words)).map(({ runbook }) => runbook.id);
    expect((await ids('connections used up'))[0]).toBe('mysql');
    expect((await ids('磁盘'))[0]).toBe('disk-full');
    expect((await ids('inode 用完'))[0]).toBe('disk-full');
    expect((await ids('KubePodNotReady'))[0]).toBe('kube-pod-crash-looping');
    expect((await ids('checkout'))[0]).toBe('checkout');
    expect((await ids('release')).length).toBeLessThanOrEqual(3);
    expect(await ids('zzzz')).toEqual([]);
    expect(await ids('')).toEqual([]);
    const [lag] = await runbooks.search('replica is behind');
    expect(lag?.section?.heading).toBe('MysqlReplicationLag');
  });

  it('gives lines that an editor wrapped as one, and leaves code and items as they are', async () => {
    put(
      'wrapped.md',
      '# Wrapped\n\nA sentence that\ngoes on.\n\n- one item, and\n  its rest\n- two\n\n  ```sh\n  df -h\n  du -x\n  ```\n\n日志写满，\n先腾空间\n\n| a | b |\n| c | d |\n',
    );
    const [found] = await open().search('wrapped');
    expect(found?.excerpt.split('\n').filter((line) => line !== '')).toEqual([
      'A sentence that goes on.',
      '- one item, and its rest',
      '- two',
      '  df -h',
      '  du -x',
      '日志写满，先腾空间',
      '| a | b |',
      '| c | d |',
    ]);
  });
});
