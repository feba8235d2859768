import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { InvalidConfig } from '../errors.ts';

export interface Sealer {
  /** Encrypts for storing. `context` (a table and id) must be given again to open, so a value cannot be moved. */
  seal(plain: string, context: string): string;
  /** Throws `InvalidConfig` when the value was sealed with another SECRET_KEY or for another context. */
  open(sealed: string, context: string): string;
}

/** AES-256-GCM under a key derived from `secretKey`. The stored form is `v1.<key id>.<nonce>.<cipher text and tag>`. */
export function createSealer(secretKey: string): Sealer {
  const key = Buffer.from(hkdfSync('sha256', secretKey, '', 'zhiban sealed values', 32));
  const keyId = createHash('sha256').update(key).digest('hex').slice(0, 8);
  return {
    seal: (plain, context) => {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return ['v1', keyId, nonce.toString('base64url'), body.toString('base64url')].join('.');
    },
    open: (sealed, context) => {
      const [version, id, nonce = '', text = ''] = sealed.split('.');
      if (version !== 'v1' || id !== keyId) {
        throw new InvalidConfig(
          `A stored secret (${context}) was sealed with another SECRET_KEY. Set the one it was stored with, or enter it again.`,
        );
      }
      const body = Buffer.from(text, 'base64url');
      const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64url'), { authTagLength: 16 });
      decipher.setAAD(Buffer.from(context)).setAuthTag(body.subarray(-16));
      try {
        return decipher.update(body.subarray(0, -16), undefined, 'utf8') + decipher.final('utf8');
      } catch (cause) {
        throw new InvalidConfig(`A stored secret (${context}) is damaged. Enter it again.`, { cause });
      }
    },
  };
}

/** The key kept in `DATA_DIR/secret.key`, made at the first start and readable by its owner alone. */
export function readOrMakeSecretKey(dataDir: string): string {
  const file = join(dataDir, 'secret.key');
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (err) {
    if (!(err instanceof Error && 'code' in err && err.code === 'ENOENT')) throw err;
  }
  mkdirSync(dirname(file), { recursive: true });
  const key = randomBytes(32).toString('base64url');
  // Written aside first: half a key after a crash would lock every secret away.
  const aside = `${file}.${process.pid}`;
  writeFileSync(aside, `${key}\n`, { mode: 0o600, flush: true });
  renameSync(aside, file);
  return key;
}
