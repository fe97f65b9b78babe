import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { UsherError } from './errors.ts';

/** Seals secrets for the database. `place` (table/row/field) is bound in: a sealed text moved elsewhere won't open. */
export interface SecretBox {
  seal(plain: string, place: string): string;
  /** @throws {UsherError} `secret_unreadable` with another key, another place or a changed text. */
  open(sealed: string, place: string): string;
}

const version = 'v1';
const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/** AES-256-GCM under a 32-byte key. An envelope is `v1.<key id>.<nonce, tag and text in base64url>`. */
export function createSecretBox(key: Buffer): SecretBox {
  if (key.length !== 32) {
    throw new UsherError('invalid_input', `The secret key must be 32 bytes long; this one has ${key.length}.`);
  }
  const keyId = createHash('sha256').update('usher key id').update(key).digest('hex').slice(0, 8);
  return {
    seal: (plain, place) => {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv(algorithm, key, nonce).setAAD(Buffer.from(`${keyId}/${place}`));
      const text = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return `${version}.${keyId}.${Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url')}`;
    },
    open: (sealed, place) => {
      const [sealedVersion, sealedKeyId, payload] = sealed.split('.');
      if (sealedVersion !== version || sealedKeyId !== keyId || payload === undefined) throw unreadable(place);
      const bytes = Buffer.from(payload, 'base64url');
      try {
        const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, nonceBytes))
          .setAAD(Buffer.from(`${keyId}/${place}`))
          .setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
        return decipher.update(bytes.subarray(nonceBytes + tagBytes), undefined, 'utf8') + decipher.final('utf8');
      } catch (cause) {
        throw unreadable(place, cause);
      }
    },
  };
}

function unreadable(place: string, cause?: unknown): UsherError {
  return new UsherError(
    'secret_unreadable',
    `The secret of ${place} cannot be read with the key in use. Start Usher with the key it was sealed with, or enter the secret again.`,
    { cause },
  );
}
