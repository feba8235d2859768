import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Block, Card, Rich } from '../../src/cards/card.ts';
import { fit } from '../../src/cards/fit.ts';
import { incidentCard } from '../../src/cards/incident-card.ts';
import { bytesOf, elementsOf, pressable } from '../../src/cards/measure.ts';
import { plainText } from '../../src/cards/plain-text.ts';
import { stormCard } from '../../src/cards/storm-card.ts';
import { ZH, diagnosis, incident, storm, view } from './sample.ts';

const WIDE = { bytes: 28_000, elements: 200, buttons: 60 };
const MORE = { text: '详情', url: 'https://zhiban.example/incidents/INC-20261122-042' };
const full = incidentCard(view({ diagnosis: diagnosis(), people: [{ id: 'p:1', name: '李四' }] }), ZH);

const actions = (card: Card): readonly string[] =>
  card.blocks.flatMap((block) =>
    block.kind === 'buttons'
      ? block.buttons.map(({ value }) => value.action)
      : block.kind === 'form'
        ? [block.submit.value.action]
        : [],
  );

describe('fitting a card to a channel', () => {
  it('leaves a card alone that fits', () => {
    expect(fit(full, WIDE, MORE)).toBe(full);
  });

  it('keeps the buttons that matter most when there is room for few', () => {
    expect(actions(fit(full, { ...WIDE, buttons: 3 }))).toEqual(['ack', 'assign', 'resolve']);
    expect(actions(fit(full, { ...WIDE, buttons: 0 }))).toEqual([]);
    const listed = Array.from({ length: 10 }, (_, n) => incident({ seq: n }));
    expect(actions(fit(stormCard(storm({ listed }), ZH), { ...WIDE, buttons: 6 }))).toEqual(Array(6).fill('ack'));
  });

  it('cuts lists and says how many it left out, and leads to the whole', () => {
    const items: readonly Rich[] = Array.from({ length: 50 }, (_, n) => [{ text: `条目 ${n}` }]);
    const card: Card = { tone: 'info', title: 't', tags: [], blocks: [{ kind: 'list', ordered: false, items }] };
    const short = fit(card, { ...WIDE, elements: 20 }, MORE);
    expect(plainText(short)).toContain('条目 11\n- … +38');
    expect(short.blocks.at(-1)).toEqual({ kind: 'links', links: [{ ...MORE, host: 'zhiban.example' }] });
  });

  it('offers fewer people before it gives up anything they would read', () => {
    const people = Array.from({ length: 20 }, (_, n) => ({ id: `lark:ou_${n}`.padEnd(40, 'x'), name: `同事 ${n}` }));
    const crowded = incidentCard(view({ diagnosis: diagnosis(), people }), ZH);
    const short = fit(crowded, { ...WIDE, bytes: bytesOf(crowded) - 500 }, MORE);
    const selects = short.blocks.flatMap((block) => (block.kind === 'form' ? block.inputs : []));
    expect(selects.find(({ kind }) => kind === 'select')).toMatchObject({ options: { length: 12 } });
    expect(plainText(short)).toContain('依据 E1 E2');
  });

  it('admits a cut with a mark when there is no address to lead to', () => {
    expect(plainText(fit(full, { ...WIDE, bytes: bytesOf(full) - 1 }))).toContain('…');
  });

  it('gives up what is folded before what is needed', () => {
    const short = fit(full, { ...WIDE, bytes: 3300 }, MORE);
    expect(plainText(short)).toContain('可能原因');
    expect(actions(short)).toContain('ack');
    expect(short.blocks.some((block) => block.kind === 'section' && block.collapsed)).toBe(false);
  });

  it('leaves the header and the way to the whole when there is room for nothing else', () => {
    const bare = fit(full, { bytes: 600, elements: 3, buttons: 0 }, MORE);
    expect(bare).toMatchObject({ title: full.title, subtitle: full.subtitle });
    expect(bare.blocks.map(({ kind }) => kind)).toEqual(['links']);
  });

  it('does not show the way to the whole twice', () => {
    const short = fit(full, { ...WIDE, bytes: bytesOf(full) - 1 }, MORE);
    const urls = short.blocks.flatMap((block) => (block.kind === 'links' ? block.links.map(({ url }) => url) : []));
    expect(urls.filter((url) => url === MORE.url)).toHaveLength(1);
  });

  const rich = fc.array(
    fc.oneof(
      fc.record({ text: fc.string({ unit: 'binary', maxLength: 400 }) }),
      fc.record({ mention: fc.record({ id: fc.string(), name: fc.string() }) }),
    ),
    { maxLength: 5 },
  );
  const button = fc.record({
    text: fc.string({ maxLength: 30 }),
    style: fc.constant('default' as const),
    value: fc.record({ action: fc.constantFrom('ack', 'resolve', 'other') }),
  });
  const flat: fc.Arbitrary<Block> = fc.oneof(
    fc.record({ kind: fc.constantFrom('text', 'note'), text: rich }),
    fc.record({ kind: fc.constant('divider' as const) }),
    fc.record({ kind: fc.constant('list' as const), ordered: fc.boolean(), items: fc.array(rich, { maxLength: 30 }) }),
    fc.record({ kind: fc.constant('buttons' as const), buttons: fc.array(button, { maxLength: 12 }) }),
    fc.record({
      kind: fc.constant('form' as const),
      name: fc.string(),
      title: fc.string(),
      inputs: fc.constant([]),
      submit: button,
    }),
    fc.record({ kind: fc.constant('image' as const), alt: fc.string(), svg: fc.string({ maxLength: 2000 }) }),
  );
  const block: fc.Arbitrary<Block> = fc.oneof(
    flat,
    fc.record({
      kind: fc.constant('section' as const),
      title: fc.string(),
      collapsed: fc.boolean(),
      blocks: fc.array(flat, { maxLength: 4 }),
    }),
  );
  const card: fc.Arbitrary<Card> = fc.record({
    tone: fc.constant('info' as const),
    title: fc.string({ unit: 'binary', maxLength: 500 }),
    subtitle: fc.string({ maxLength: 200 }),
    tags: fc.constant([]),
    blocks: fc.array(block, { maxLength: 12 }),
  });

  it('never exceeds the limits, whatever the card', () => {
    const limits = fc.record({
      bytes: fc.integer({ min: 100, max: 6000 }),
      elements: fc.integer({ min: 1, max: 40 }),
      buttons: fc.integer({ min: 0, max: 8 }),
    });
    fc.assert(
      fc.property(card, limits, fc.option(fc.constant(MORE), { nil: undefined }), (any, within, more) => {
        const short = fit(any, within, more);
        expect(bytesOf(short)).toBeLessThanOrEqual(within.bytes);
        expect(elementsOf(short)).toBeLessThanOrEqual(within.elements);
        expect(pressable(short)).toBeLessThanOrEqual(within.buttons);
      }),
    );
  });
});
