import { describe, expect, it } from 'vitest';
import { farewell, HELP, welcome } from './words.ts';

const playground = { url: 'http://localhost:8080' };
const lark = { ...playground, groupUrl: 'http://localhost:8081' };

describe.each(['zh-CN', 'en-US'] as const)('what the demo says in %s', (locale) => {
  it('leads to where the story is shown', () => {
    expect(welcome(locale, playground).join('\n')).toContain('http://localhost:8080/playground');
    expect(welcome(locale, lark).join('\n')).toContain('http://localhost:8081');
    expect(welcome(locale, lark).join('\n')).not.toContain('/playground');
  });

  it('ends with what a visitor may do there, and an alert that can be pasted into a shell', () => {
    const [forPlayground, forLark] = [playground, lark].map((addresses) => farewell(locale, addresses).join('\n'));
    expect(forPlayground).toContain('@zhiban /help');
    expect(forLark).toContain('@bot /help');
    const body = /-d '(.*)'$/m.exec(forLark ?? '')?.[1] ?? '';
    expect(JSON.parse(body)).toMatchObject({ sender_id: 'me', message: expect.stringContaining('checkout\n') });
  });
});

it('names --lark when asked for help', () => {
  expect(HELP).toContain('--lark');
});
