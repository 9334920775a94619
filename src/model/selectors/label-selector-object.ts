import { goQuote } from '../go-text.ts';
import { UserError } from '../user-error.ts';
import { type LabelOperator, labelRequirement } from './label-requirement.ts';
import {
  EVERYTHING,
  type LabelSelector,
  labelSelectorText,
  NOTHING,
  parseLabelSelector,
  selectorOf,
} from './label-selector.ts';

/** One entry of matchExpressions. */
export interface LabelSelectorRequirement {
  key: string;
  operator: string;
  values?: string[];
}

/** metav1.LabelSelector, as objects hold it. */
export interface LabelSelectorObject {
  matchLabels?: Record<string, string>;
  matchExpressions?: LabelSelectorRequirement[];
}

const OPERATORS: ReadonlyMap<string, LabelOperator> = new Map([
  ['In', 'in'],
  ['NotIn', 'notin'],
  ['Exists', 'exists'],
  ['DoesNotExist', '!'],
]);

/** What a LabelSelector object selects: nothing when absent, everything when empty. Throws UserError (LabelSelectorAsSelector). */
export function labelSelectorOfObject(object: LabelSelectorObject | null | undefined): LabelSelector {
  if (object === null || object === undefined) return NOTHING;
  const requirements = Object.entries(object.matchLabels ?? {}).map(([key, value]) =>
    labelRequirement(key, '=', [value]),
  );
  for (const { key, operator, values } of object.matchExpressions ?? []) {
    const known = OPERATORS.get(operator);
    if (known === undefined) throw new UserError(`${goQuote(operator)} is not a valid label selector operator`);
    requirements.push(labelRequirement(key, known, values ?? []));
  }
  return requirements.length === 0 ? EVERYTHING : selectorOf(requirements);
}

/** A LabelSelector object as tables and descriptions show it: `<none>` for everything or nothing, `<error>` for a bad one. */
export function formatLabelSelector(object: LabelSelectorObject | null | undefined): string {
  try {
    const text = labelSelectorText(labelSelectorOfObject(object));
    return text === '' ? '<none>' : text;
  } catch (error) {
    if (error instanceof UserError) return '<error>';
    throw error;
  }
}

/** The LabelSelector object that a selector's text means (ParseToLabelSelector). Throws UserError. */
export function parseToLabelSelectorObject(text: string): Required<LabelSelectorObject> {
  const object: Required<LabelSelectorObject> = { matchLabels: {}, matchExpressions: [] };
  for (const { key, operator, values } of requirementsOf(text)) {
    if (operator === '=' || operator === '==') {
      object.matchLabels[key] = values[0] ?? '';
      continue;
    }
    const name = [...OPERATORS].find(([, each]) => each === operator)?.[0];
    if (name === undefined) throw new UserError(unsupported(operator));
    object.matchExpressions.push({ key, operator: name, ...(values.length === 0 ? {} : { values: [...values] }) });
  }
  return object;
}

function unsupported(operator: LabelOperator): string {
  const quoted = goQuote(operator);
  return operator === '!='
    ? `${quoted} is not a valid label selector operator`
    : `${quoted} isn't supported in label selectors`;
}

function requirementsOf(text: string): LabelSelector['requirements'] {
  try {
    return parseLabelSelector(text).requirements;
  } catch (error) {
    if (error instanceof UserError) {
      throw new UserError(`couldn't parse the selector string "${text}": ${error.message}`);
    }
    throw error;
  }
}
