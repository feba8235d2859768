import { createCipheriv, createHash, createHmac, randomBytes } from 'node:crypto';

const hash = (algorithm: string, ...parts: readonly string[]): string =>
  parts.reduce((sum, part) => sum.update(part), createHash(algorithm)).digest('hex');

/** `X-Lark-Signature` of v2 events and new card callbacks, over the exact bytes that are sent. */
export const signEvent = (timestamp: string, nonce: string, encryptKey: string, body: string): string =>
  hash('sha256', timestamp, nonce, encryptKey, body);

/** The signature of a legacy card callback; its secret is the verification token. */
export const signLegacy = (timestamp: string, nonce: string, verificationToken: string, body: string): string =>
  hash('sha1', timestamp, nonce, verificationToken, body);

/** base64(iv + AES-256-CBC), key = sha256(encrypt key). */
export function encrypt(encryptKey: string, text: string, iv: Buffer = randomBytes(16)): string {
  const cipher = createCipheriv('aes-256-cbc', createHash('sha256').update(encryptKey).digest(), iv);
  return Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final()]).toString('base64');
}

/** A custom bot's `sign`: the key is `timestamp + "\n" + secret`, the message is empty. */
export const signHook = (timestamp: string, secret: string): string =>
  createHmac('sha256', `${timestamp}\n${secret}`).update('').digest('base64');
