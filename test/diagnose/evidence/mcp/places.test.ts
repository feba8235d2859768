import { describe, expect, it } from 'vitest';
import { PLACES, fillPlaces, hasPlaces } from '../../../../src/diagnose/evidence/mcp/places.ts';
import { NOW } from '../../world.ts';
import { START, aboutOf } from './about.ts';

const fill = (value: unknown, labels?: Readonly<Record<string, string>>) => {
  const filled = fillPlaces({ value }, aboutOf(labels));
  return filled.ok ? filled.arguments['value'] : filled;
};

describe('the places of arguments', () => {
  it('are filled anywhere inside, and everything else stays as it is', () => {
    const given = { a: ['{service} errors', 5, null, true, { b: '{severity}' }] };
    expect(fill(given)).toEqual({ a: ['checkout errors', 5, null, true, { b: 'critical' }] });
    expect(fill('{{service}} {app="{service}"}')).toBe('{{service}} {app="checkout"}');
  });

  it('are times as texts, and as numbers when asked so', () => {
    expect(fill(['{start}', '{from_ms}', '{to_s}', 'since {from}'])).toEqual([
      new Date(START).toISOString(),
      START - 3_600_000,
      NOW / 1000,
      `since ${new Date(START - 3_600_000).toISOString()}`,
    ]);
  });

  it('take any value as a value of its own', () => {
    expect(fill('{title}')).toBe('Errors: "many" {x}');
    expect(fill('{label.team}', { team: "x' OR 1=1; --" })).toBe("x' OR 1=1; --");
  });

  it.each([
    'a"b',
    'a b',
    "a'b",
    'a}b',
    'a|b',
    'a/../b',
    '..',
    'a\\b',
    '-flag',
    'a\nb',
    '{service}',
    'a;b',
    'a(b',
    '$(a)',
  ])('take no %j into a longer text, which may be a query', (team) => {
    expect(fill('{job="{label.team}"}', { team })).toMatchObject({ ok: false, place: 'label.team' });
  });

  it('never take a value for another place', () => {
    expect(fill('{label.team}', { team: '{service}' })).toBe('{service}');
  });

  it('without a value ask nothing', () => {
    expect(fill('in {namespace}')).toEqual({ ok: false, reason: 'missing', place: 'namespace' });
    expect(fill('{label.__proto__}')).toMatchObject({ reason: 'missing' });
  });

  it('are all fillable for an alert that says everything', () => {
    const labels = {
      ...Object.fromEntries(PLACES.map((place) => [place, 'x'])),
      persistentvolumeclaim: 'x',
    };
    const about = { ...aboutOf(labels), subject: new Map([...aboutOf(labels).subject, ['integration', 'east']]) };
    for (const place of PLACES) expect([place, fillPlaces({ a: `{${place}}` }, about).ok]).toEqual([place, true]);
  });

  it('are told from fixed values', () => {
    expect([hasPlaces({ a: ['x {service}'] }), hasPlaces({ a: 'x {{service}}', b: 3 })]).toEqual([true, false]);
  });
});
