export type Middleware<C> = (call: C, next: () => Promise<void>) => Promise<void> | void;

/** Makes one handler of middleware; running past the end does nothing. Calling `next` twice is a bug and throws. */
export function compose<C>(...stack: readonly Middleware<C>[]): (call: C) => Promise<void> {
  return async (call) => {
    let deepest = -1;
    const run = async (depth: number): Promise<void> => {
      if (depth <= deepest) throw new Error('next() called more than once');
      deepest = depth;
      await stack[depth]?.(call, () => run(depth + 1));
    };
    await run(0);
  };
}
