import { type FieldError, invalidValue, notSupported, required } from '../../../model/field-error.ts';
import { type Fields, textIn } from '../fields.ts';
import { ruleErrors } from '../field-checks.ts';
import { labelValueRule, qualifiedNameRule } from '../value-rules.ts';

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

/** What is wrong with the effect of a taint, or of a toleration that names one. */
export function taintEffectErrors(effect: string, field: string): FieldError[] {
  if (effect === '') return [required(field)];
  return EFFECTS.includes(effect) ? [] : [notSupported(field, effect, EFFECTS)];
}

/** What is wrong with the taints of a node (validateNodeTaints). */
export function taintsErrors(taints: readonly Fields[], path: string): FieldError[] {
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  for (const [index, taint] of taints.entries()) {
    const at = `${path}[${index}]`;
    const key = textIn(taint, 'key');
    const effect = textIn(taint, 'effect');
    errors.push(...ruleErrors(`${at}.key`, key, qualifiedNameRule));
    const value = textIn(taint, 'value');
    const wrong = labelValueRule(value);
    if (wrong.length > 0) errors.push(invalidValue(`${at}.value`, value, wrong.join(';')));
    errors.push(...taintEffectErrors(effect, `${at}.effect`));
    if (seen.has(`${effect}/${key}`)) {
      const detail = 'taints must be unique by key and effect pair';
      // Go's own type of a taint has no names for JSON.
      const twin = { Key: key, Value: value, Effect: effect, TimeAdded: taint['timeAdded'] ?? null };
      errors.push({ type: 'FieldValueDuplicate', field: at, value: twin, detail });
    }
    seen.add(`${effect}/${key}`);
  }
  return errors;
}
