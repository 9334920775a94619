import { randomBytes, randomUUID } from 'node:crypto';

/** Where uids and generated names come from. */
export interface Randomness {
  /** A version 4 UUID. */
  uuid(): string;
  /** Letters and digits that make no words, as Kubernetes' rand.String. */
  letters(length: number): string;
}

const ALPHANUMERICS = 'bcdfghjklmnpqrstvwxz2456789';

export const systemRandomness: Randomness = {
  uuid: () => randomUUID(),
  letters(length) {
    let text = '';
    while (text.length < length) {
      for (const byte of randomBytes(length)) {
        // Bytes beyond the last whole multiple would make some letters more likely than others.
        if (byte < 243 && text.length < length) text += ALPHANUMERICS[byte % ALPHANUMERICS.length] ?? '';
      }
    }
    return text;
  },
};
