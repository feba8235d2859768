import { describe, expect, it } from 'vitest';
import { createReader } from '../../src/chat/read-command.ts';
import { editDistance } from '../../src/operations/edit-distance.ts';
import { OPERATIONS } from '../../src/operations/table.ts';

const read = createReader(OPERATIONS);

function said(text: string, addressed = true) {
  const reading = read(text, addressed);
  return reading.kind === 'command' ? [reading.operation.name, reading.rest] : reading;
}

describe('what is said to us', () => {
  it.each([
    ['/ack 3', 'ack', '3'],
    ['/ACK INC-20261122-003', 'ack', 'INC-20261122-003'],
    ['／ack　#3', 'ack', '#3'],
    ['/ack@zhiban 3', 'ack', '3'],
    ['/认领 3', 'ack', '3'],
    ['认领 3', 'ack', '3'],
    ['认领3', 'ack', '3'],
    ['认领＃３', 'ack', '＃３'],
    ['认领', 'ack', ''],
    ['静默列表', 'silences', ''],
    ['静默 3 2h 升级', 'silence', '3 2h 升级'],
    ['解除静默 3', 'unsilence', '3'],
    ['指派 3 @王五', 'assign', '3 @王五'],
    ['帮助', 'help', ''],
    ['', 'help', ''],
    ['/alert {\n  "a":  "x  y"\n}', 'alert', '{\n  "a":  "x  y"\n}'],
    ['/note 3 first line\nsecond line', 'note', '3 first line\nsecond line'],
  ])('%j is %s', (text, name, rest) => {
    expect(said(text)).toEqual([name, rest]);
  });

  it.each([
    ['/akc 3', '/ack'],
    ['/resovle', '/resolve'],
    ['/slience 3 2h', '/silence'],
    ['/stauts', '/status'],
    ['/hlep', '/help'],
  ])('%s is unknown, and %s is near', (text, near) => {
    expect(said(text)).toMatchObject({ kind: 'unknown', near: expect.arrayContaining([near]) });
  });

  it('knows which command is near to words in a sentence', () => {
    expect(said('麻烦帮我认领一下')).toMatchObject({ kind: 'words', near: ['/ack'] });
    expect(said('what is the meaning of life')).toMatchObject({ kind: 'words', near: [] });
  });
});

describe('what is overheard', () => {
  it.each(['/ack 3', '认领 3', '认领#3', '状态'])('%s is still a command', (text) => {
    expect(read(text, false).kind).toBe('command');
  });

  it.each([
    '/deploy prod',
    '确认',
    '解决',
    '确认一下',
    '状态不错',
    '故障了吗',
    '帮助我看一下',
    'hello',
    '认领一下这个',
    '',
  ])('%j is said to others', (text) => {
    expect(read(text, false)).toEqual({ kind: 'nothing' });
  });
});

describe('the distance of words', () => {
  it('counts changes, insertions, removals and swaps of neighbours', () => {
    expect(editDistance('ack', 'ack')).toBe(0);
    expect(editDistance('akc', 'ack')).toBe(1);
    expect(editDistance('', 'ack')).toBe(3);
    expect(editDistance('resolve', 'reslove')).toBe(1);
    expect(editDistance('认领', '认定')).toBe(1);
  });
});
