import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import { UsherError } from './errors.ts';

/** Seals texts with one key. `place` (table/row) is bound in: a sealed text moved elsewhere won't open. */
export interface KeyBox {
  /** Stands in each sealed text, see `keyIdOf`. */
  readonly id: string;
  seal(plain: string, place: string): string;
  /** @throws {UsherError} `secret_unreadable` with another key, another place or a changed text. */
  open(sealed: string, place: string): string;
  /**
   * 32 bytes that only who has the key can make of this text, for texts that go out and come back. Each purpose has
   * a key of its own, derived from the one that seals, which is therefore not used up.
   */
  mac(text: string, purpose: string): Buffer;
}

/**
 * AES-256-GCM under a 32-byte key. A sealed text is `v1.<key id>.<nonce, tag and text in base64url>`.
 *
 * @param keyId left out: what the key itself gives, without giving the key away.
 */
export function createKeyBox(key: Buffer, keyId: string = fingerprint(key)): KeyBox {
  if (key.length !== 32) {
    throw new UsherError('invalid_input', `The secret key must be 32 bytes long; this one has ${key.length}.`);
  }
  const macKeys = new Map<string, Buffer>();
  return {
    id: keyId,
    seal: (plain, place) => {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv(algorithm, key, nonce).setAAD(Buffer.from(`${keyId}/${place}`));
      const text = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return `${version}.${keyId}.${Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url')}`;
    },
    open: (sealed, place) => {
      if (keyIdOf(sealed) !== keyId) throw unreadable(place);
      const bytes = Buffer.from(sealed.slice(sealed.lastIndexOf('.') + 1), 'base64url');
      try {
        const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, nonceBytes))
          .setAAD(Buffer.from(`${keyId}/${place}`))
          .setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
        return decipher.update(bytes.subarray(nonceBytes + tagBytes), undefined, 'utf8') + decipher.final('utf8');
      } catch (cause) {
        throw unreadable(place, cause);
      }
    },
    mac: (text, purpose) => {
      let macKey = macKeys.get(purpose);
      if (macKey === undefined) {
        macKey = createHmac('sha256', key).update(`usher mac key/${purpose}`).digest();
        macKeys.set(purpose, macKey);
      }
      return createHmac('sha256', macKey).update(text).digest();
    },
  };
}

/** Which key a text was sealed with; undefined for what is no sealed text. */
export function keyIdOf(sealed: string): string | undefined {
  const [sealedVersion, keyId, payload] = sealed.split('.');
  return sealedVersion === version && payload !== undefined ? keyId : undefined;
}

/** What is thrown for a secret that no key at hand opens. */
export function unreadable(place: string, cause?: unknown): UsherError {
  return new UsherError(
    'secret_unreadable',
    `The secret of ${place} cannot be read with the key in use. Start Usher with the key it was sealed with, or enter the secret again.`,
    { cause },
  );
}

const version = 'v1';
const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

function fingerprint(key: Buffer): string {
  return createHash('sha256').update('usher key id').update(key).digest('hex').slice(0, 8);
}
