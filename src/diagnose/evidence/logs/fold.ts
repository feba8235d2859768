import type { LogLine } from './line.ts';
import { type Turns, createTurns } from './turns.ts';

/** A line with the lines of its stack trace. */
export interface Folded extends LogLine {
  /** What followed it: frames, causes; at most 40 lines. */
  readonly rest: readonly string[];
}

const MOST_REST = 40;
const FAR_MS = 2000;

/** Puts the stack traces of Java, Python, Go and Node back to the line they belong to; lines of a stream are in order. */
export async function foldTraces(lines: readonly LogLine[], turns: Turns = createTurns()): Promise<readonly Folded[]> {
  const folded: Open[] = [];
  const open = new Map<string, Open>();
  for (const line of lines) {
    if (turns.due()) await turns.next();
    const [head = '', ...inside] = line.text.includes('\n') ? line.text.split('\n', MOST_REST) : [line.text];
    const current = open.get(line.stream);
    if (current !== undefined && line.at - current.lastAt <= FAR_MS && continues(head, current)) {
      current.lastAt = line.at;
      current.python &&= /^\s/.test(head) || TRACEBACK.test(head);
      if (current.rest.length < MOST_REST) current.rest.push(head, ...inside);
      continue;
    }
    const python = TRACEBACK.test(head);
    const go = /^(?:panic|fatal error): /.test(head);
    const next = { ...line, text: head, rest: inside, lastAt: line.at, python, go };
    folded.push(next);
    open.set(line.stream, next);
  }
  return folded;
}

interface Open extends LogLine {
  readonly rest: string[];
  lastAt: number;
  /** Inside a Python trace, whose last line is the message. */
  python: boolean;
  readonly go: boolean;
}

const TRACEBACK = /Traceback \(most recent call last\):/;

const FRAME =
  /^\s+(?:at |File "|\.{3} \d+ |in )|^\s*Caused by: |^\s*Suppressed: |^\s{2,}\S|^\t|^goroutine \d+ \[|^During handling of the above|^The above exception was/;

function continues(line: string, { python, go, rest }: Open): boolean {
  if (line === '') return go || rest.length > 0;
  if (FRAME.test(line)) return true;
  if (TRACEBACK.test(line)) return !python;
  if (go && /^(?:[\w./*()-]{1,200}\(.{0,400}\)|created by .{1,400}|exit status \d+|\[signal .{1,200})$/.test(line))
    return true;
  return python && /^[A-Za-z_][\w.]{0,120}(?::|$)/.test(line);
}

/** What went wrong at the bottom of a trace: Java's last cause, Python's last line. */
export function rootOf({ text, rest }: Pick<Folded, 'text' | 'rest'>): string {
  if (rest.length === 0) return '';
  const cause = rest.findLast((line) => /^\s*Caused by: /.test(line));
  if (cause !== undefined) return cause.trim();
  const python = TRACEBACK.test(text) || rest.some((line) => TRACEBACK.test(line));
  const last = python ? rest.findLast((line) => /^[A-Za-z_][\w.]{0,120}:? ?/.test(line)) : undefined;
  return last?.trim() ?? rest.find((line) => line.trim() !== '' && !FRAME.test(line))?.trim() ?? '';
}
