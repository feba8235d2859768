/** One system call of a trace, put together when it was interrupted by another thread's. */
export interface SystemCall {
  readonly name: string;
  /** What the file descriptor stands for, as `-y` prints it. */
  readonly file: string;
  readonly text: string;
  readonly result: number;
}

const WHOLE = /^(\d+)\s+(\w+)\((.*)\)\s+= (-?\d+)/s;
const BEGUN = /^(\d+)\s+(\w+)\((.*) <unfinished \.\.\.>$/s;
const RESUMED = /^(\d+)\s+<\.\.\. (\w+) resumed>(.*)\)\s+= (-?\d+)/s;

/** Reads the output of `strace -f -y`, calls in the order in which they *finished*. */
export function parseTrace(text: string): readonly SystemCall[] {
  const begun = new Map<string, string>();
  const calls: SystemCall[] = [];
  for (const line of text.split('\n')) {
    const unfinished = BEGUN.exec(line);
    if (unfinished !== null) {
      begun.set(`${unfinished[1]} ${unfinished[2]}`, unfinished[3] ?? '');
      continue;
    }
    const [, thread = '', name = '', rest = '', result = ''] = RESUMED.exec(line) ?? WHOLE.exec(line) ?? [];
    if (name === '') continue;
    const args = line.includes(' resumed>') ? `${begun.get(`${thread} ${name}`) ?? ''}${rest}` : rest;
    calls.push({ name, file: /^\d+<([^>]*)>/.exec(args)?.[1] ?? '', text: args, result: Number(result) });
  }
  return calls;
}
