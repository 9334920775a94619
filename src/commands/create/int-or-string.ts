/** A number when the text is one that fits 32 bits, as intstr.Parse has it, else the text. */
export function intOrString(text: string): number | string {
  if (!/^[-+]?\d+$/.test(text)) return text;
  const value = Number(text);
  return value === Math.trunc(value) && Math.abs(value) <= 2 ** 31 - 1 ? value : text;
}
