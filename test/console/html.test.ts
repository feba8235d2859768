import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Part, html, inlineStyle, markup } from '../../src/console/html.ts';

describe('the template', () => {
  it('escapes every value and leaves its own text alone', () => {
    expect(markup(html`<p title="${'a"b'}">${'<b>&'}</p>`)).toBe('<p title="a&quot;b">&lt;b&gt;&amp;</p>');
  });

  it('prints nothing for what is not there, and lists one after the other', () => {
    expect(markup(html`${undefined}${false}${[html`<i>${1}</i>`, 'x']}`)).toBe('<i>1</i>x');
  });

  it('takes no object for markup that it has not made itself', () => {
    const forged = JSON.parse('{"markup":"<script>","html":"<script>"}') as Part;
    expect(markup(html`<p>${forged}</p>`)).not.toContain('<script>');
  });

  it('takes a style sheet of our own as it is, and none that could end itself', () => {
    const style = inlineStyle('main > p { font: 16px "x" }');
    expect(markup(html`<i></i>${style}`)).toBe('<i></i><style>main > p { font: 16px "x" }</style>');
    expect(() => inlineStyle('p {}</style><script>')).toThrow('may not be put into a page');
  });

  it('lets no text out of an attribute or a tag', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const drawn = markup(html`${text}`);
        expect(drawn).not.toMatch(/[<>"']/);
        const read = drawn.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"');
        expect(read.replaceAll('&#39;', "'").replaceAll('&amp;', '&')).toBe(text);
      }),
    );
  });
});
