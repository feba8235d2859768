import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../../src/diagnose/redact/redactor.ts';
import { shownText } from '../../../src/diagnose/answer/shown.ts';
import { cleanAnswerText } from '../../../src/diagnose/answer/text.ts';
import { workedFor } from '../../support/worked.ts';

const clean = (text: string, max = 400, redact = (given: string): string => given) =>
  cleanAnswerText(text, { max, redact });

describe('the text of an answer', () => {
  it.each([
    ['a link', 'See https://evil.example/pay?x=1 now', 'See evil[.]example now'],
    ['a link with a password', 'at ftp://me:pw@evil.com:21/x', 'at me:pw at evil[.]com:21/x'],
    ['a link in Chinese', '请打开https://evil.com/x，立即', '请打开evil[.]com，立即'],
    ['a link of Markdown', 'see [the runbook](https://evil.com/a)', 'see the runbook'],
    ['an image of Markdown', '![p](https://evil.com/a.png?d=1)ok', 'pok'],
    ['a link within a link', '[[a](b)](javascript:alert)', '[a] (javascript alert)'],
    ['a bare domain with a path', 'go to evil.example/login', 'go to evil[.]example/login'],
    ['a bare domain', 'go to evil.com, or www.evil.co.uk.', 'go to evil[.]com, or www.evil[.]co[.]uk.'],
    ['a domain put together', 'evil.**com** and evil.`com`', 'evil[.]com and evil[.]com'],
    ['a domain of another script', 'аррӏе.рф', 'аррӏе[.]рф'],
    ['HTML', '<a href="https://evil.com">x</a> <script>y</script>', 'x y'],
    ['HTML in entities', '&lt;at id=all&gt;&lt;/at&gt; &#60;b&#62; &amp;lt;i&amp;gt;', ''],
    ["Lark's mention", '<at id=all></at> look <at user_id="ou_1">Tom</at>', 'look Tom'],
    ["Slack's mentions", '<!channel> <@U012> <!here|here> <https://evil.com|click>', ''],
    ['mentions', '@all @所有人 ＠all @tom (@here) a@b', 'all 所有人 all tom (here) a at b'],
    ['markup', '# Cause\n> **disk** is `full`\n- ~~no~~ __yes__', 'Cause disk is full no yes'],
    ['colours of a terminal', '\u001B[31mred\u001B[0m', 'red'],
    ['what cannot be seen', 'a\u200Bb\u202Ec\u{E0041}d\uFEFF', 'abcd'],
    ['an address that runs', 'javascript:alert(1) mailto:a@b.com', 'javascript alert(1) mailto a at b[.]com'],
  ])('loses %s', (_name, text, expected) => {
    expect(clean(text)).toBe(expected);
  });

  it.each([
    'pod checkout-7f9c restarted 7 times, memory 512Mi of 512Mi',
    'http_requests_total{code="500"} rose, java.lang.OutOfMemoryError in com.shop.Cart',
    '磁盘 /var/lib/docker 已用 97%，inode 正常；见 E3',
    'checkout.default.svc:8080 refuses connections from 10.0.0.5:9100',
    'http probe of db-1.corp.internal/health: 503 after 2.5 s',
    'image nginx:1.25.3 is missing, p99 is 2.5 s',
  ])('keeps what an incident is described with: %s', (text) => {
    expect(clean(text)).toBe(text);
  });

  it('keeps comparisons, in signs that no platform reads', () => {
    expect(clean('latency > 2 s and free < 5 %')).toBe('latency ＞ 2 s and free ＜ 5 %');
  });

  it('is redacted once nothing stands between the parts of a secret', () => {
    const redact = (text: string) => text.replaceAll('hunter2', '⟦secret⟧');
    expect(clean('password hun**ter**2 and hun\u200Bter2', 100, redact)).toBe('password ⟦secret⟧ and ⟦secret⟧');
  });

  it('keeps the names that stand for personal data, so that they can be shown again, and no others', () => {
    expect(clean('ask ⟦email-1⟧, **⟦ phone-2 ⟧** or ⟦x⟧; \uE000secret-1')).toBe(
      'ask ⟦email-1⟧, ⟦phone-2⟧ or [x]; secret-1',
    );
    const { redact, restore } = createRedactor().openRequest();
    const sent = redact('tom@corp.example called').text;
    expect(restore(clean(`It was ${sent}`, 100, (given) => redact(given).text))).toBe('It was tom@corp.example called');
  });

  it('is shown without the commands in it', () => {
    const said = 'It is full. Run `rm -rf /var/*`. 然后执行 kubectl delete pod x，再看 kubectl get pods';
    expect(shownText(said, { max: 200, redact: (text) => text })).toBe(
      'It is full. Run …. 然后执行 …，再看 kubectl get pods',
    );
  });

  it('has at most so many characters, and says when there were more', () => {
    expect(clean('x'.repeat(50), 10)).toBe(`${'x'.repeat(9)}…`);
    expect(Array.from(clean('🔥'.repeat(50), 10))).toHaveLength(10);
  });

  const AWKWARD = [
    'http',
    'https:',
    '//',
    '/',
    ':',
    '@',
    '＠',
    'all',
    '所有人',
    '<',
    '>',
    '＜',
    '＞',
    'at',
    'id=all',
    '[',
    ']',
    '(',
    ')',
    '!',
    '&lt;',
    '&gt;',
    '&amp;',
    '&#64;',
    '&#x3a;',
    '`',
    '**',
    '__',
    '\n',
    '\u200B',
    '\u202E',
    '\u001B[0m',
    'evil',
    '.',
    '．',
    'com',
    '.com/x',
    'channel',
    '|',
    '#',
    '\\',
  ];
  const text = fc
    .array(
      fc.oneof(fc.constantFrom(...AWKWARD), fc.string({ maxLength: 3 }), fc.string({ unit: 'binary', maxLength: 2 })),
      { maxLength: 25 },
    )
    .map((parts) => parts.join(''));

  it('never holds anything that a platform acts on', () => {
    fc.assert(
      fc.property(text, (given) => {
        const shown = clean(given);
        expect(shown).not.toMatch(/:\/\/|\]\(|[@＠<>`]|&#|&[a-z]{2,10};|[\p{Cc}\p{Default_Ignorable_Code_Point}]/u);
        expect(shown).not.toMatch(/(?<![\w-])evil\.com/i);
        expect(shown.isWellFormed()).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  it('is no other when it is cleaned again', () => {
    fc.assert(
      fc.property(text, (given) => {
        const shown = clean(given);
        expect(clean(clean(shown))).toBe(clean(shown));
      }),
      { numRuns: 500 },
    );
  });

  it.each(['<', '[', '[a](', '&lt;', 'a.', '@', 'http://', '`', '*', 'a@', '<a ', '\n#', 'x', '\u200B'])(
    'of 200 KB is done with in 20 ms: %j',
    (unit) => {
      const hostile = unit.repeat(Math.ceil(200_000 / unit.length));
      clean(hostile);
      expect(workedFor(() => clean(hostile, 600))).toBeLessThan(20);
    },
  );
});
