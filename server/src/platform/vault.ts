import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';

/** Encrypts configured secrets (channel URLs, tokens) for storage, with AES-256-GCM and the installation's key. */
export interface Vault {
  seal(plain: string): string;
  /** @throws when the text was encrypted under another key or was changed. */
  open(sealed: string): string;
  /** A keyed digest: recognises a text that may hold a secret, but cannot be used to guess the text. */
  digest(text: string): Buffer;
}

const version = 'v1';

export function createVault(key: Buffer): Vault {
  if (key.length !== 32) throw new Error('The vault key must be 32 bytes.');
  return {
    digest: (text) => createHmac('sha256', key).update(text).digest(),
    seal(plain) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return [version, Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')].join('.');
    },
    open(sealed) {
      const [tag, text] = sealed.split('.');
      if (tag !== version || text === undefined) throw new Error('Not a sealed secret.');
      const bytes = Buffer.from(text, 'base64url');
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12));
      decipher.setAuthTag(bytes.subarray(12, 28));
      return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
    },
  };
}
