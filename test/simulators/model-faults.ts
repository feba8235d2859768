/** How one answer of a simulated model server deviates. */
export interface ModelFault {
  /** Refused with this status; a string is sent as text, anything else as JSON. */
  readonly refuse?: { readonly status: number; readonly body: unknown };
  readonly headers?: Readonly<Record<string, string>>;
  /** A proxy's page instead of an answer, with this status. */
  readonly html?: number;
  /** 307 to this address. */
  readonly redirect?: string;
  /** Not even headers are sent. */
  readonly silent?: true;
  /** Headers are sent, and nothing after them. */
  readonly headersOnly?: true;
  /** After so many frames nothing comes any more; the connection stays open. */
  readonly stallAfter?: number;
  /** Keep-alive comments at this interval, ms, as long as the stream is open. Ollama has none. */
  readonly pingEvery?: number;
  /** Closed in good order after so many frames. */
  readonly cutAfter?: number;
  /** Closed in good order in the middle of the frame after so many. */
  readonly cutWithin?: number;
  /** The connection is destroyed after so many frames. */
  readonly resetAfter?: number;
  /** After so many frames, an error is told within the stream. */
  readonly errorAfter?: { readonly frames: number; readonly error: unknown };
  /** Bytes of a chunk on the wire: cuts characters and separators. */
  readonly chunkBytes?: number;
  readonly crlf?: true;
  /** Ms between frames. */
  readonly pace?: number;
  /** Waited for before each frame; `createGate` makes one. */
  readonly hold?: (frame: number) => Promise<void>;
  /** Streaming was asked for and ignored. */
  readonly unstreamed?: true;
  /** The frame that says that all is said comes before the last text. */
  readonly swapEnds?: true;
  readonly shape?: Shape;
  /** The reason for ending that the last frame names; null leaves it out. */
  readonly finish?: string | null;
  /** Everything that was received comes back in an error of status 400: headers and body. */
  readonly echo?: true;
}

export type Shape = 'fenced' | 'think' | 'double-encoded' | 'truncated' | 'empty';

/** The same text in the shape that some models give it. */
export const shaped = (text: string, shape: Shape | undefined): string =>
  shape === undefined ? text : SHAPES[shape](text);

const SHAPES: Readonly<Record<Shape, (text: string) => string>> = {
  fenced: (text) => `Here you are:\n\`\`\`json\n${text}\n\`\`\`\nGood luck!`,
  think: (text) => `<think>\nHm, {"summary": "a first idea"} …\n</think>\n\n${text}`,
  'double-encoded': (text) => JSON.stringify(text),
  truncated: (text) => text.slice(0, Math.ceil(text.length * 0.6)),
  empty: () => '',
};

/** The last two parts change places when the fault says so. */
export const ordered = <T>(parts: readonly T[], { swapEnds }: ModelFault): readonly T[] =>
  swapEnds === true ? [...parts.slice(0, -2), ...parts.slice(-2).toReversed()] : parts;

/** A text in pieces as models stream it: a few characters each. */
export const piecesOf = (text: string): readonly string[] => text.match(/[\s\S]{1,12}/gu) ?? [];
