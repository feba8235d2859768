/** UTF-16 units: the most that is read of one source. */
const SIZE = 200_000;
const filledWith = (piece: string): string => piece.repeat(Math.ceil(SIZE / piece.length)).slice(0, SIZE);

/** What makes careless expressions and careless loops slow: almost-matches, again and again. */
const PIECES = {
  a: 'a',
  'lines of a': `${'a'.repeat(4000)}\n`,
  password: 'password',
  'password ': 'password ',
  'password=': 'password=',
  'open quote': 'password="\\',
  values: 'password=ab1 ',
  equals: '=',
  marks: '<<<',
  'mark-like': '<<<END ',
  newlines: '\n',
  'short lines': 'a\n',
  Chinese: '数据库连接池耗尽密码',
  'Chinese names': '密码：',
  digits: '1',
  phones: '13812345678 ',
  cards: '4111 ',
  'e-mail-like': 'a@a.',
  'e-mails': 'a.b+c@d-e.com ',
  base64: 'dGhlIHF1aWNrIGJyb3duIGZveCBqdW1wcyBvdmVy',
  'JWT-like': 'eyJaaaaaaaa.',
  'JWT-like, apart': '-eyJ-',
  'key-like': 'AKIA-',
  'key-like, wrapped': 'ghp_aaaaaaaaa\n',
  addresses: 'https://a:b',
  colons: 'a:',
  'full width': 'ｐａｓｓｗｏｒｄ＝',
  'fancy letters': '𝐩𝐚𝐬𝐬',
  invisible: '\u200b',
  'invisible between': 'a\u200b',
  terminal: '\u001b]',
  keys: '-----BEGIN PRIVATE KEY-----!',
  names: 'name: A_',
  'name and value': 'name="TOKEN" ',
  cookies: 'cookie: a=b\n',
  authorization: 'authorization: bearer ',
  backslashes: '\\"',
  dots: 'a.',
  colonGroups: 'a:b:',
  'command line': 'mysql aaaaaaa -p',
  phone: '电话: 123',
  placeholders: '⟦email-1⟧',
} as const satisfies Record<string, string>;

export const HOSTILE: readonly (readonly [name: string, text: string])[] = Object.entries(PIECES).map(
  ([name, piece]) => [name, filledWith(piece)],
);
