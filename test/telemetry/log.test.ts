import { describe, expect, it } from 'vitest';
import { createLog, withTrace } from '../../src/telemetry/log.ts';
import { createPretty } from '../../src/telemetry/pretty.ts';

function logging(masked: readonly string[] | (() => readonly string[]) = []) {
  const lines: string[] = [];
  return { log: createLog('info', masked, { write: (line) => void lines.push(line) }), lines };
}

const only = (lines: readonly string[]): Record<string, unknown> => {
  expect(lines).toHaveLength(1);
  return JSON.parse(lines[0] ?? '');
};

describe('log', () => {
  it('writes one JSON line an event, with the trace it runs under', () => {
    const { log, lines } = logging();
    withTrace({ trace_id: 't-1' }, () => log.info({ action: 'alert_received', source: 'custom' }, 'alerts received'));
    expect(only(lines)).toMatchObject({
      level: 'info',
      trace_id: 't-1',
      action: 'alert_received',
      source: 'custom',
      msg: 'alerts received',
    });
  });

  it('blanks configured secrets wherever they stand in a line, JSON-escaped too', () => {
    const { log, lines } = logging(['s3cret-token', 'quo"ted\\key']);
    log.info({ action: 'x', url: 'http://h/?k=s3cret-token', other: 'a quo"ted\\key here' }, 'sent s3cret-token');
    expect(lines.join('')).not.toContain('s3cret-token');
    expect(lines.join('')).not.toContain('ted\\\\key');
    expect(only(lines)['url']).toBe('http://h/?k=[secret]');
  });

  it('blanks secrets that came after it was made, until they go', () => {
    let secrets: readonly string[] = [];
    const { log, lines } = logging(() => secrets);
    log.info({ action: 'x' }, 's3cret-token');
    secrets = ['s3cret-token'];
    log.info({ action: 'x' }, 's3cret-token');
    secrets = ['another-token'];
    log.info({ action: 'x' }, 's3cret-token another-token');
    expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual([
      's3cret-token',
      '[secret]',
      's3cret-token [secret]',
    ]);
  });

  it('never prints fields named like secrets', () => {
    const { log, lines } = logging();
    log.info({ action: 'x', authorization: 'Bearer abc', token: 'abc-123', headers: { cookie: 'abc' } });
    expect(lines.join('')).not.toContain('abc');
  });

  it('prints an error without its properties, causes included', () => {
    const { log, lines } = logging();
    const cause = Object.assign(new Error('socket hang up'), {
      config: { headers: { authorization: 'Bearer hidden' } },
    });
    log.error({ action: 'x', err: Object.assign(new Error('could not send', { cause }), { response: 'hidden' }) });
    expect(lines.join('')).not.toContain('hidden');
    expect(only(lines)['err']).toMatchObject({ message: 'could not send', cause: { message: 'socket hang up' } });
  });
});

describe('log on a terminal', () => {
  it('is one short line an event, with the stack of an error below and secrets still blanked', () => {
    let text = '';
    const log = createLog('info', ['s3cret-token'], createPretty({ write: (more) => (text += more) }));
    log.info({ action: 'ready', port: 8080, note: 'two words', key: 's3cret-token' }, 'ready');
    log.error({ action: 'failed', err: new Error('disk full') }, 'it failed');
    const [first = '', second = '', third = ''] = text.split('\n');
    expect(first).toMatch(/^\d\d:\d\d:\d\d INFO {2}ready port=8080 note="two words" key=\[secret\]$/);
    expect(second).toMatch(/ERROR failed$/);
    expect(third).toContain('disk full');
  });

  it('obeys nothing that a stranger put into a fact or an error', () => {
    let text = '';
    const log = createLog('info', [], createPretty({ write: (more) => (text += more) }));
    const evil = '\u001b]0;owned\u0007\u009b2J\u202egnp\r';
    log.error({ action: 'x', sender: evil, err: new Error(`refused: ${evil}\n03:04:05 INFO  all_is_well`) }, 'x');
    expect(text).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u);
    expect(text).not.toMatch(/^03:04:05/m);
  });
});
