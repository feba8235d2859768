/** Whether a name stands in a text in lower case as a word of its own: `pay` is no part of `payment`, nor `api` of `api-gateway`. */
export function mentions(text: string, name: string): boolean {
  if (name.length < 3) return false;
  for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + 1)) {
    const [before = ' ', after = ' '] = [text[at - 1], text[at + name.length]];
    if (!PART.test(before) && !PART.test(after)) return true;
  }
  return false;
}

const PART = /[a-z0-9_-]/;
