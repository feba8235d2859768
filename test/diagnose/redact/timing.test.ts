import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../../src/diagnose/redact/redactor.ts';
import { workedFor } from '../../support/worked.ts';
import { HOSTILE } from '../prompting/hostile.ts';

const LIMIT_MS = 50;

describe('redaction of 200 KB', () => {
  it.each(HOSTILE)('takes less than the event loop may be held up for: %s', (_name, text) => {
    const redactor = createRedactor({ policy: 'metadata_only', secrets: ['aaaaaaaaaa', 'password1', '======'] });
    expect(workedFor(() => redactor.openRequest().redact(text))).toBeLessThan(LIMIT_MS);
  });
});
