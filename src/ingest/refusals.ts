import { AppError } from '../errors.ts';

/** The body is not what it claims to be; HTTP answers 400. */
export class BadBody extends AppError {
  readonly code = 'bad_body';
}

/** The body, as sent or unpacked, is larger than the limit; HTTP answers 413. */
export class BodyTooLarge extends AppError {
  readonly code = 'body_too_large';

  constructor(limitBytes: number) {
    super(`The body is larger than ${Math.floor(limitBytes / 1024 ** 2)} MiB; send fewer alerts at once.`);
  }
}

/** We cannot read this kind of body; HTTP answers 415. */
export class UnsupportedBody extends AppError {
  readonly code = 'unsupported_body';
}
