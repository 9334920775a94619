import { SAFE_CHARACTERS } from './generate-name.ts';

/** Writes a text, such as a hash in digits, in the characters of generated names (rand.SafeEncodeString). */
export function safeEncode(text: string): string {
  return Array.from(text, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return SAFE_CHARACTERS.charAt(code % SAFE_CHARACTERS.length);
  }).join('');
}
