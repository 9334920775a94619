const ACRONYMS = new Set(['API', 'URL', 'UID', 'OSB', 'GUID']);

/** A field's name as a title: `resourceVersion` is `Resource Version`, `uid` is `UID`. Names with digits or signs stay. */
export function smartLabel(field: string): string {
  if (!/^[\p{L}-]*$/u.test(field)) return field;
  return words(field)
    .map((word) => (ACRONYMS.has(word.toUpperCase()) ? word.toUpperCase() : titled(word)))
    .join(' ');
}

/** The words of a name in camel case; of a run of capitals the last one starts the word that follows. */
function words(field: string): string[] {
  return field.match(/\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\p{Lu}|[^\p{Lu}\p{Ll}]+/gu) ?? [];
}

function titled(word: string): string {
  const [first = ''] = word;
  return first.toUpperCase() + word.slice(first.length).toLowerCase();
}
