import { afterEach, describe, expect, it } from 'vitest';
import { SourceFailed } from '../../../../src/diagnose/evidence/failure.ts';
import { aboutOf } from './about.ts';
import { closeAll, collect, overStdio, signal, sourceOf, tool } from './open.ts';
import { describeServer } from './suite.ts';

afterEach(closeAll);

describeServer('stdio', (...tools) => sourceOf(overStdio(), ...tools));

describe('a program', () => {
  it('sees no environment of ours but what a shell needs, and what it was given', async () => {
    process.env['ZHIBAN_TEST_SECRET'] = 'hush';
    const [found] = await collect(sourceOf(overStdio(), tool('environment')));
    delete process.env['ZHIBAN_TEST_SECRET'];
    expect(found?.text).toContain('"GIVEN":"yes"');
    expect(found?.text).not.toContain('hush');
  });

  it('that ends is started anew', async () => {
    const source = sourceOf(overStdio(), tool('dies', { families: ['once'] }), tool('pid'));
    const pid = async (family: string) => (await collect(source, aboutOf({}, { family }))).at(-1)?.text ?? '';
    const first = await pid('');
    expect(await pid('')).toBe(first);
    await pid('once');
    const next = await pid('');
    expect([Number(next) > 0, next === first]).toEqual([true, false]);
  });

  it('that is not there, or is none of these servers, is a failure', async () => {
    const missing = sourceOf(overStdio({ command: '/nowhere/mcp' }), tool('pid'));
    await expect(missing.collect(aboutOf(), signal())).rejects.toThrow(/ENOENT.*MCP_SERVERS/);
    const ends = sourceOf(overStdio({ args: ['-e', ''] }), tool('pid'));
    await expect(ends.collect(aboutOf(), signal())).rejects.toBeInstanceOf(SourceFailed);
  });

  it('is given no shell', async () => {
    const source = sourceOf(overStdio({ command: `${process.execPath} --version`, args: [] }), tool('pid'));
    await expect(source.collect(aboutOf(), signal())).rejects.toThrow(/ENOENT/);
  });

  it('ends when we do', async () => {
    const source = sourceOf(overStdio(), tool('pid'));
    const [found] = await collect(source);
    await source.close();
    expect(() => process.kill(Number(found?.text), 0)).toThrow('ESRCH');
  });

  it('that floods us is ended, and started anew', async () => {
    const source = sourceOf(overStdio(), tool('flood', { families: ['once'] }), tool('pid'));
    const [flood] = await collect(source, aboutOf({}, { family: 'once' }));
    expect(flood?.failed).toBe(true);
    expect(Number((await collect(source))[0]?.text)).toBeGreaterThan(0);
  });
});
