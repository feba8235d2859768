import { describe, expect, it } from 'vitest';
import { markup } from '../../src/console/html.ts';
import { plainText, richHtml } from '../../src/console/rich-html.ts';

const draw = (text: string, style?: 'bold' | 'muted' | 'code') =>
  markup(richHtml([style === undefined ? { text } : { text, style }]));

describe('formatted text on a page', () => {
  it('keeps an id and a moment on one line', () => {
    expect(draw('see INC-20261122-002, since 11-22 21:53:29')).toBe(
      'see <span class="whole">INC-20261122-002</span>, since <span class="whole">11-22 21:53:29</span>',
    );
    expect(draw('until 11-23 00:02', 'muted')).toContain('<span class="whole">11-23 00:02</span>');
    expect(draw('INC-20261122-002', 'code')).toBe('<code class="whole">INC-20261122-002</code>');
  });

  it('lets a command break where it must, and changes no letter of it', () => {
    expect(draw('kubectl describe · INC-20261122-002', 'code')).toBe(
      '<code>kubectl describe · INC-20261122-002</code>',
    );
  });

  it('begins no line with a separator', () => {
    expect(draw(' · 35% sure')).toBe('\u00a0· 35% sure');
    expect(plainText([{ text: 'a · b' }])).toBe('a · b');
  });
});
