import fc from 'fast-check';

const DIGITS = [
  '0', '1', '5', '10', '100', '1000', '1024', '1500', '1536', '2048', '10000', '1048576', '999999999', '1000000000', '0.5', '1.5', '0.001', '0.0001',
  '.5', '5.', '1.10', '0.1234567891', '00100', '007', '1234567.891', '9223372036854775807', '9223372036854775808', '123456789012345678901234567890',
  '0.000000001', '0.0000000001', '100000.000', '', '.', '1.2.3', '1_000',
]; // prettier-ignore
const SUFFIXES = [
  '', '', '', 'm', 'k', 'M', 'G', 'T', 'P', 'E', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei', 'n', 'u', 'e3', 'E3', 'e-3', 'E+2', 'e0', 'e', 'e10', 'E18', 'e19', 'e-9',
  'e-10', 'e1.5', 'K', 'mi', 'kib', 'i', ' m', 'mm', 'Zi', 'e99', 'e100000000000', 'g', 'B', '%', 'é', 'ki', 'e+', 'Eie', 'm1', 'M3',
]; // prettier-ignore
const SOUND_DIGITS = DIGITS.slice(0, 29);
const SOUND_SUFFIXES = SUFFIXES.slice(0, 24);

const sound = fc
  .tuple(fc.constantFrom('', '', '', '', '-', '+'), fc.oneof(fc.constantFrom(...SOUND_DIGITS), fc.nat().map(String)), fc.constantFrom(...SOUND_SUFFIXES))
  .map((parts) => parts.join('')); // prettier-ignore
const odd = fc
  .tuple(fc.constantFrom('', '-', '+', '--', ' '), fc.constantFrom(...DIGITS), fc.constantFrom(...SUFFIXES), fc.constantFrom('', '', '', ' '))
  .map((parts) => parts.join('')); // prettier-ignore

/** Texts for a quantity: mostly quantities, some nearly so. */
export const quantities = fc.oneof({ weight: 4, arbitrary: sound }, { weight: 1, arbitrary: odd });

/** What stands for a quantity in a document: also numbers, and what is none. */
export const quantityValues: fc.Arbitrary<string | number | boolean | null> = fc.oneof(
  { weight: 12, arbitrary: sound },
  { weight: 1, arbitrary: odd },
  { weight: 3, arbitrary: fc.oneof(fc.integer(), fc.constantFrom(0.5, 1.5, 0, -1, 1e3, 1e21, 1e-7, 123456789.125, 0.1)) },
  { weight: 1, arbitrary: fc.constantFrom(null, true) },
); // prettier-ignore
