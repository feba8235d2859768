import { createCipheriv, createDecipheriv, createHash, hash, timingSafeEqual } from 'node:crypto';

const BLOCK = 16;

/**
 * Opens what the platform encrypts: base64 of a 16-byte IV and AES-256-CBC with PKCS#7, the key being SHA-256 of the
 * Encrypt Key. `undefined` for anything that was not made with this key.
 */
export function createDecrypt(encryptKey: string): (encrypted: string) => string | undefined {
  const key = hash('sha256', encryptKey, 'buffer');
  return (encrypted) => {
    const bytes = Buffer.from(encrypted, 'base64');
    if (bytes.length < 2 * BLOCK || bytes.length % BLOCK !== 0) return undefined;
    const decipher = createDecipheriv('aes-256-cbc', key, bytes.subarray(0, BLOCK));
    try {
      return Buffer.concat([decipher.update(bytes.subarray(BLOCK)), decipher.final()]).toString('utf8');
    } catch {
      return undefined;
    }
  };
}

/** Encrypts as the platform does; `iv` are 16 bytes that nobody can foresee. */
export function encryptBody(encryptKey: string, plain: string, iv: Buffer): string {
  const cipher = createCipheriv('aes-256-cbc', hash('sha256', encryptKey, 'buffer'), iv);
  return Buffer.concat([iv, cipher.update(plain, 'utf8'), cipher.final()]).toString('base64');
}

export interface Signed {
  /** `X-Lark-Request-Timestamp` and `X-Lark-Request-Nonce` as sent. */
  readonly timestamp: string;
  readonly nonce: string;
  readonly raw: Buffer;
}

/** Events and `card.action.trigger`: over the Encrypt Key and the exact bytes of the body. */
export const eventSignature = (encryptKey: string, signed: Signed): Buffer => digest('sha256', encryptKey, signed);

/** Legacy clicks: over the Verification Token, whether or not there is an Encrypt Key. */
export const clickSignature = (verificationToken: string, signed: Signed): Buffer =>
  digest('sha1', verificationToken, signed);

const digest = (algorithm: string, secret: string, { timestamp, nonce, raw }: Signed): Buffer =>
  createHash(algorithm)
    .update(timestamp + nonce + secret)
    .update(raw)
    .digest();

/** Whether hex digits are this digest; time does not tell how much of them is right. */
export function isDigest(presented: string, expected: Buffer): boolean {
  if (!/^[0-9a-f]+$/i.test(presented) || presented.length !== expected.length * 2) return false;
  return timingSafeEqual(Buffer.from(presented, 'hex'), expected);
}

/** Compares digests, which are of equal length: time tells neither length nor place. */
export const isSecret = (presented: unknown, secret: string): boolean =>
  typeof presented === 'string' &&
  timingSafeEqual(hash('sha256', presented, 'buffer'), hash('sha256', secret, 'buffer'));
