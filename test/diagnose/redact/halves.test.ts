import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../../src/diagnose/redact/redactor.ts';
import { workedFor } from '../../support/worked.ts';

const OURS = 'TheSecretOfOurs/0123456789';
const { redact } = createRedactor({ secrets: [OURS, 'short'], policy: 'full' });

describe('what a cut left of a secret', () => {
  it.each([
    [`> key ${OURS.slice(0, 12)}…`, '> key ⟦secret⟧…'],
    [`> key ${OURS.slice(0, 25)}… more`, '> key ⟦secret⟧… more'],
    ['dsn postgres://app:hunter2hun…', 'dsn postgres://app:⟦secret⟧…'],
    ['push with ghp_Ab3dEf…', 'push with ⟦secret⟧…'],
    ['jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWI…', 'jwt ⟦secret⟧…'],
  ])('goes too: %s', (text, expected) => {
    expect(redact(text).text).toBe(expected);
  });

  it.each([
    'GET http://10.0.0.1:80…',
    'sk-learn-model…',
    'see https://wiki/page…',
    'The key…',
    'checkout-7d9f8b6c5-x2x4q…',
    'http://shop/a:b…',
  ])('is not seen in %s', (text) => {
    expect(redact(text).text).toBe(text);
  });

  it('takes no longer for a text that is nothing but cuts', () => {
    const cuts = `${OURS.slice(0, 6)}…`.repeat(25_000);
    const all = [cuts, '…'.repeat(200_000), `http://a:${'b'.repeat(100)}`.repeat(2000)];
    expect(workedFor(() => all.map(redact))).toBeLessThan(1000);
  });
});
