import { createHash } from 'node:crypto';
import type { Card } from './card.ts';

/** A digest that is equal exactly when two cards would look and act the same, whatever the order of their keys. */
export const cardHash = (card: Card): string =>
  createHash('sha256').update(JSON.stringify(card, sorted)).digest('base64url');

function sorted(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
