import { isJson, type Json } from './answer.ts';

/** Which component of a card is meant: its words, name, id, or a part of the value it sends. */
export interface Wanted {
  readonly text?: string;
  readonly name?: string;
  readonly elementId?: string;
  readonly value?: Json;
}

/** The first component of the card that fits; undefined when none does. */
export function findComponent(card: unknown, wanted: Wanted): Json | undefined {
  if (Array.isArray(card)) {
    for (const each of card) {
      const found = findComponent(each, wanted);
      if (found) return found;
    }
    return undefined;
  }
  if (!isJson(card)) return undefined;
  if (typeof card['tag'] === 'string' && fits(card, wanted)) return card;
  return findComponent(Object.values(card), wanted);
}

function fits(component: Json, { text, name, elementId, value }: Wanted): boolean {
  const label = isJson(component['text']) ? component['text']['content'] : undefined;
  const sent = valueOf(component);
  return (
    (name !== undefined || component['behaviors'] !== undefined || component['form_action_type'] !== undefined) &&
    (text === undefined || label === text) &&
    (name === undefined || component['name'] === name) &&
    (elementId === undefined || component['element_id'] === elementId) &&
    (value === undefined || Object.entries(value).every(([key, each]) => sent?.[key] === each))
  );
}

/** What the component sends when it is used. */
export function valueOf(component: Json): Json | undefined {
  const behaviors: readonly unknown[] = Array.isArray(component['behaviors']) ? component['behaviors'] : [];
  const callback = behaviors.find((each) => isJson(each) && each['type'] === 'callback');
  const value = isJson(callback) ? callback['value'] : undefined;
  return isJson(value) ? value : undefined;
}
