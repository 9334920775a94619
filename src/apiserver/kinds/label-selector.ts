import { type Fields, entriesIn, objectIn, objectsIn, stringsIn, textIn } from './fields.ts';

/** Whether labels match a metav1.LabelSelector. A selector that is absent matches nothing, an empty one everything. */
export function selectorMatches(selector: Fields | undefined, labels: Readonly<Record<string, string>>): boolean {
  if (selector === undefined) return false;
  if (entriesIn(selector, 'matchLabels').some(([key, value]) => labels[key] !== value)) return false;
  return objectsIn(selector, 'matchExpressions').every((expression) => requirementMatches(expression, labels));
}

function requirementMatches(expression: Fields, labels: Readonly<Record<string, string>>): boolean {
  const value = labels[textIn(expression, 'key')];
  switch (textIn(expression, 'operator')) {
    case 'In':
      return value !== undefined && stringsIn(expression, 'values').includes(value);
    case 'NotIn':
      return value === undefined || !stringsIn(expression, 'values').includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return false;
  }
}

/** Whether a selector has no requirement. */
export function selectorIsEmpty(selector: Fields): boolean {
  return entriesIn(selector, 'matchLabels').length === 0 && objectsIn(selector, 'matchExpressions').length === 0;
}

/** A label selector as text (labels.Selector's String), '' for none. */
export function selectorText(selector: Fields | undefined): string {
  if (selector === undefined) return '';
  const requirements = entriesIn(selector, 'matchLabels').map(([key, value]) => ({ key, text: `${key}=${value}` }));
  for (const expression of objectsIn(selector, 'matchExpressions')) {
    requirements.push({ key: textIn(expression, 'key'), text: requirementText(expression) });
  }
  return requirements
    .sort((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)))
    .map(({ text }) => text)
    .join(',');
}

function requirementText(expression: Fields): string {
  const key = textIn(expression, 'key');
  const values = stringsIn(expression, 'values').sort().join(',');
  switch (textIn(expression, 'operator')) {
    case 'In':
      return `${key} in (${values})`;
    case 'NotIn':
      return `${key} notin (${values})`;
    case 'DoesNotExist':
      return `!${key}`;
    default:
      return key;
  }
}

/** metav1.FormatLabelSelector: the text, or `<none>`. */
export function formatSelector(parent: Fields, key: string): string {
  const text = selectorText(objectIn(parent, key));
  return text === '' ? '<none>' : text;
}

/** labels.FormatLabels: `a=b,c=d` by key, or `<none>`. */
export function formatLabels(parent: Fields, key: string): string {
  const text = entriesIn(parent, key)
    .map(([name, value]) => `${name}=${value}`)
    .join(',');
  return text === '' ? '<none>' : text;
}
