import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { wantsPage } from '../../src/console/wants-page.ts';

describe('who is shown a page', () => {
  it.each([
    ['a browser', 'GET', 'text/html,application/xhtml+xml,*/*;q=0.8', true],
    ['a browser that sends a form', 'POST', 'text/html,*/*', false],
    ['a script', 'GET', 'application/json', false],
    ['curl', 'GET', '*/*', false],
    ['who says nothing', 'GET', undefined, false],
  ])('%s: %s with %s', (_who, method, accept, shown) => {
    expect(wantsPage({ method, headers: accept === undefined ? {} : { accept } })).toBe(shown);
  });

  it('is decided in one place', () => {
    const src = join(import.meta.dirname, '..', '..', 'src');
    const deciding = ['console', 'http'].flatMap((room) =>
      readdirSync(join(src, room), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts') && readFileSync(join(src, room, name), 'utf8').includes("'text/html'"))
        .map((name) => `${room}/${name}`),
    );
    expect(deciding).toEqual(['console/wants-page.ts']);
  });
});
