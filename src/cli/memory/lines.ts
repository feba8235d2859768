/** A line of a file: its text, or undefined when it is longer than it may be. */
export interface NumberedLine {
  /** From 1. */
  readonly number: number;
  readonly text: string | undefined;
}

/** Cuts bytes into lines of at most `most` bytes each; of a longer one nothing is kept. Empty lines are left out. */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>, most: number): AsyncGenerator<NumberedLine> {
  let number = 1;
  let parts: Buffer[] = [];
  let length = 0;
  const take = (part: Buffer): void => {
    length += part.length;
    if (length <= most) parts.push(part);
    else parts = [];
  };
  const line = (): NumberedLine | undefined => {
    const text = length > most ? undefined : Buffer.concat(parts).toString('utf8');
    const made = { number, text };
    [parts, length] = [[], 0];
    number += 1;
    return text?.trim() === '' ? undefined : made;
  };
  for await (const chunk of chunks) {
    let rest = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    for (let end = rest.indexOf(0x0a); end >= 0; end = rest.indexOf(0x0a)) {
      take(rest.subarray(0, end));
      const made = line();
      if (made !== undefined) yield made;
      rest = rest.subarray(end + 1);
    }
    take(rest);
  }
  const made = length === 0 ? undefined : line();
  if (made !== undefined) yield made;
}
