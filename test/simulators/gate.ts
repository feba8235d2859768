/** Lets a stream go on only as far as a test has seen it, whatever the machine's pace. */
export interface Gate {
  /** Waits until the frame may leave. */
  readonly hold: (frame: number) => Promise<void>;
  /** Lets so many frames leave, counted from the first; all of them unless given. */
  open(frames?: number): void;
}

export function createGate(): Gate {
  let most = 0;
  let waiting: readonly { readonly frame: number; readonly resolve: () => void }[] = [];
  return {
    hold: (frame) =>
      frame < most ? Promise.resolve() : new Promise((resolve) => void (waiting = [...waiting, { frame, resolve }])),
    open: (frames = Number.POSITIVE_INFINITY) => {
      most = frames;
      for (const { frame, resolve } of waiting) if (frame < frames) resolve();
      waiting = waiting.filter(({ frame }) => frame >= frames);
    },
  };
}
