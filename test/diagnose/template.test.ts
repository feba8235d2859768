import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FAMILIES } from '../../src/diagnose/rules/families.ts';
import { subjectOf } from '../../src/diagnose/subject.ts';
import { fill, fillCommand } from '../../src/diagnose/template.ts';

const subject = (values: Readonly<Record<string, string>>) => new Map(Object.entries(values));

describe('filling a sentence', () => {
  it('uses the first value there is, then the words', () => {
    expect(fill('{pod,host|something} fell', subject({ host: 'db-1' }))).toBe('db-1 fell');
    expect(fill('{pod,host|something} fell', subject({}))).toBe('something fell');
  });

  it('keeps a Latin name apart from the Chinese that follows, and changes no value', () => {
    expect(fill('{host|主机}内存吃紧', subject({ host: 'h1' }))).toBe('h1 内存吃紧');
    expect(fill('{host|主机}内存吃紧', subject({}))).toBe('主机内存吃紧');
    expect(fill('{host}：{cause}', subject({ host: 'h1', cause: 'a内存b' }))).toBe('h1：a内存b');
  });

  it('drops a bracketed part whole when a value in it is missing', () => {
    expect(fill('It[ in {namespace}] fell', subject({ namespace: 'prod' }))).toBe('It in prod fell');
    expect(fill('It[ in {namespace}] fell', subject({}))).toBe('It fell');
  });
});

describe('filling a command', () => {
  it('is left out when a value is missing', () => {
    expect(fillCommand('kubectl -n {namespace} get pods', subject({}))).toBeUndefined();
  });

  it.each([
    'a b',
    'a;b',
    '$(id)',
    '`id`',
    "a'b",
    'a"b',
    'a|b',
    'a&b',
    'a>b',
    'a\nb',
    '--help',
    '-x',
    '',
    '容器',
    'a\\b',
    '*',
    'x{y}',
  ])('is left out rather than carry %j', (namespace) => {
    expect(fillCommand('kubectl -n {namespace} get pods', subject({ namespace }))).toBeUndefined();
  });

  it('carries ordinary names, addresses and paths', () => {
    for (const name of ['payment-7f9c8d', '10.0.0.1:9100', '/var/lib/docker', 'a_b', 'http://x/y']) {
      expect(fillCommand('x {name}', subject({ name }))).toBe(`x ${name}`);
    }
  });

  it('never lets a label add a character that a shell reads, whatever the label says', () => {
    const commands = FAMILIES.flatMap((family) => family.steps.flatMap(({ command }) => command ?? []));
    const nasty = fc.oneof(
      fc.string(),
      fc.constantFrom('a; rm -rf /', '$(curl x)', '-oProxyCommand=x', 'a\u0000b', '\u202Ex'),
    );
    const names = [
      'pod',
      'namespace',
      'instance',
      'node',
      'service',
      'job_name',
      'mountpoint',
      'device',
      'queue',
      'url',
      'container',
    ];
    const labels = fc.record(Object.fromEntries(names.map((name) => [name, nasty])));
    fc.assert(
      fc.property(labels, (given) => {
        const known = subjectOf({ title: 't', labels: given });
        for (const command of commands) {
          const filled = fillCommand(command, known);
          if (filled === undefined) continue;
          const fixed = command.split(/\{[^{}]+\}/).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&'));
          expect(filled).toMatch(new RegExp(`^${fixed.join('[A-Za-z0-9._:/][A-Za-z0-9._:/-]*')}$`));
        }
      }),
    );
  });

  it('names only values that a subject can have', () => {
    const places = FAMILIES.flatMap((family) =>
      family.steps.flatMap(({ command }) => [...(command ?? '').matchAll(/\{(\w+)\}/g)]),
    );
    const all = ['pod', 'namespace', 'node', 'instance', 'service', 'job_name', 'path', 'device', 'queue', 'url'];
    const known = subjectOf({ title: 't', labels: Object.fromEntries(all.map((name) => [name, 'x'])) });
    for (const [, name = ''] of places) expect([...known.keys()]).toContain(name);
  });
});
