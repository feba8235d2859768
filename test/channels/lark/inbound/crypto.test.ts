import { describe, expect, it } from 'vitest';
import {
  clickSignature,
  createDecrypt,
  encryptBody,
  eventSignature,
  isDigest,
  isSecret,
} from '../../../../src/channels/lark/inbound/crypto.ts';

const timestamp = '1700000000';
const nonce = 'n1';

describe('the platform’s own examples', () => {
  it('close: the same words under the same key and the same beginning are the same bytes', () => {
    const vector = 'P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk=';
    const iv = Buffer.from(vector, 'base64').subarray(0, 16);
    expect(encryptBody('test key', 'hello world', iv)).toBe(vector);
  });

  it('open: what is encrypted under "test key"', () => {
    expect(createDecrypt('test key')('P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk=')).toBe('hello world');
  });

  it('sign: an event under the Encrypt Key', () => {
    const digest = eventSignature('k1', { timestamp, nonce, raw: Buffer.from('{"encrypt":"abc"}') });
    expect(digest.toString('hex')).toBe('c8126cca2c93422f9232a6d26a53b4cc3989e23a331834d7e44ff106eb344c7d');
  });

  it('sign: a legacy click under the Verification Token', () => {
    const digest = clickSignature('v1', { timestamp, nonce, raw: Buffer.from('{"open_id":"ou_1"}') });
    expect(digest.toString('hex')).toBe('c090aa3fb4b0e29fbc4b92b9f2ffe944cae0d91a');
  });
});

describe('what was not made with our key', () => {
  const decrypt = createDecrypt('another key');
  for (const text of ['', 'AAAA', 'not base64 at all', 'P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk=', 'A'.repeat(44)])
    it(`stays closed: "${text}"`, () => expect(decrypt(text)).toBeUndefined());
});

describe('comparisons', () => {
  const digest = Buffer.from('00ff', 'hex');
  it.each([
    ['00ff', true],
    ['00FF', true],
    ['00fe', false],
    ['00', false],
    ['00ff00', false],
    ['00fg', false],
    ['', false],
  ])('takes "%s" as these two bytes: %s', (hex, expected) => expect(isDigest(hex, digest)).toBe(expected));

  it('takes only the very secret, and only as a text', () => {
    expect(isSecret('abc', 'abc')).toBe(true);
    for (const other of ['ab', 'abcd', '', undefined, null, 1, ['abc'], { abc: 1 }])
      expect(isSecret(other, 'abc')).toBe(false);
  });
});
