import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Block, Card } from '../../src/cards/card.ts';
import { incidentCard } from '../../src/cards/incident-card.ts';
import { cardHtml } from '../../src/console/card-html.ts';
import { markup } from '../../src/console/html.ts';
import { TEXTS } from '../../src/console/texts.ts';
import { EN, diagnosis, view } from '../cards/sample.ts';

const draw = (card: Card) => markup(cardHtml(card, TEXTS['en-US']));
const drawBlocks = (...blocks: readonly Block[]) => draw({ tone: 'info', title: 't', tags: [], blocks });

/** A card with `text` in every place that can hold a stranger's words. */
const everywhere = (text: string): Card => ({
  tone: 'critical',
  title: text,
  subtitle: text,
  tags: [{ text, tone: 'info' }],
  footer: text,
  incidentId: text,
  rev: 3,
  blocks: [
    { kind: 'text', text: [{ text }, { text, style: 'bold' }, { text, style: 'code' }, { text, style: 'muted' }] },
    { kind: 'text', text: [{ text, style: 'strike' }, { mention: { id: text, name: text } }] },
    { kind: 'fields', fields: [{ label: text, value: [{ text }], short: true }] },
    { kind: 'list', ordered: true, items: [[{ text }]] },
    { kind: 'section', title: text, collapsed: true, blocks: [{ kind: 'note', text: [{ text }] }] },
    { kind: 'chart', title: text, unit: text, series: [{ name: text, points: [[1, 2]] }] },
    { kind: 'image', alt: text, svg: '<svg/>' },
    { kind: 'links', links: [{ text, host: text, url: 'https://a.example/' }] },
    { kind: 'buttons', buttons: [button(text)] },
    {
      kind: 'form',
      name: text,
      title: text,
      inputs: [
        { kind: 'input', name: text, label: text, placeholder: text, required: true, maxLength: 9 },
        { kind: 'select', name: text, label: text, required: false, options: [{ value: text, text }] },
      ],
      submit: button(text),
    },
  ],
});

const button = (text: string) => ({
  text,
  style: 'default' as const,
  value: { action: text },
  confirm: { title: text, text },
});

const shape = (drawn: string) => drawn.replaceAll(/[^<>"]/g, '');

describe('a card as HTML', () => {
  it('has the same tags and attributes whatever a stranger wrote into it', () => {
    // JSON escapes quotes of its own inside a press; those become entities and stay out of the shape.
    const plain = shape(draw(everywhere('x')));
    const attack = fc.constantFrom('<script>alert(1)</script>', '" onclick="x', "' x='", '</section>', '<!--', ']]>');
    fc.assert(
      fc.property(fc.oneof(attack, fc.string({ minLength: 1 })), (text) => {
        expect(shape(draw(everywhere(text)))).toBe(plain);
      }),
    );
  });

  it('brings no inline script or style, which the page would refuse', () => {
    expect(draw(incidentCard(view({ diagnosis: diagnosis() }), EN))).not.toMatch(/<script|<style|\sstyle=|\son\w+=/);
  });

  it('says in which state the incident is and at which revision', () => {
    const drawn = draw(incidentCard(view(), EN));
    expect(drawn).toContain('tone-critical');
    expect(drawn).toContain('data-incident="INC-20261122-042"');
    expect(drawn).toContain('data-rev="7"');
  });

  it.each(['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', '//x', 'no address'])(
    'makes no link of %s',
    (url) => {
      expect(drawBlocks({ kind: 'links', links: [{ text: 'Graph', host: 'a.example', url }] })).not.toContain('<a ');
    },
  );

  it('shows the host where a link really goes, whatever the card claims', () => {
    const url = 'https://evil.example/https://grafana.example';
    const drawn = drawBlocks({ kind: 'links', links: [{ text: 'Graph', host: 'grafana.example', url }] });
    expect(drawn).toContain('<span class="host">evil.example</span>');
    expect(drawn).toContain('rel="noopener noreferrer nofollow"');
  });

  it('shows an image in a frame where nothing inside it can run', () => {
    const drawn = drawBlocks({ kind: 'image', alt: 'x', svg: '<svg onload="x"/>' });
    expect(drawn).toContain('src="data:image/svg+xml;base64,');
    expect(drawn).not.toContain('onload');
  });

  it('gives back with a press exactly what the button carries', () => {
    const value = { action: 'ack', incident_id: 'INC-1', rev: 3, args: { duration: '2h' } };
    const drawn = drawBlocks({ kind: 'buttons', buttons: [{ text: 'Ack', style: 'primary', value }] });
    const carried = /data-press="([^"]*)"/.exec(drawn)?.[1]?.replaceAll('&quot;', '"');
    expect(JSON.parse(carried ?? '')).toEqual(value);
  });

  it('folds what is collapsed and opens what is not', () => {
    const section = { kind: 'section', title: 's', blocks: [] } as const;
    expect(drawBlocks({ ...section, collapsed: true })).not.toMatch(/<details[^>]* open/);
    expect(drawBlocks({ ...section, collapsed: false })).toMatch(/<details[^>]* open/);
  });
});
