/** Answers that a model is writing. */
export interface AnswersBeingWritten {
  /** Of one chat; `thread` is the message under which it is written. */
  writing(
    targetId: string,
  ): Promise<readonly { readonly id: string; readonly thread: string; readonly askerId: string }[]>;
  /** What was written so far stays, and says who stopped it. */
  stop(ids: readonly string[], by: string): Promise<void>;
}
