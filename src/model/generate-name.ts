/** Letters and digits that make no words: no vowels, none that look like each other (rand.String of apimachinery). */
export const SAFE_CHARACTERS = 'bcdfghjklmnpqrstvwxz2456789';

const SUFFIX_LENGTH = 5;
const LONGEST_NAME = 63;

/** An integer from 0 to `below`, without it; each as likely as the others. */
export type RandomInt = (below: number) => number;

/** Random safe characters, 5 if not said otherwise. */
export function randomSuffix(randomInt: RandomInt, length = SUFFIX_LENGTH): string {
  return Array.from({ length }, () => SAFE_CHARACTERS.charAt(randomInt(SAFE_CHARACTERS.length))).join('');
}

/** The name that a server makes of a generateName: the base, cut to 58 bytes, and 5 random characters. */
export function generateName(base: string, randomInt: RandomInt): string {
  return `${base.slice(0, LONGEST_NAME - SUFFIX_LENGTH)}${randomSuffix(randomInt)}`;
}
