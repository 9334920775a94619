import { type FieldError, invalidValue } from '../../../model/field-error.ts';
import { dns1035LabelMessages } from '../../../model/names.ts';
import type { DefinitionNames } from './definition-names.ts';

/** Names that are there and are none (ValidateCustomResourceDefinitionNames). */
export function namesErrors(names: DefinitionNames, path: string): FieldError[] {
  const label = (field: string, value: string): FieldError[] => {
    const texts = value === '' ? [] : dns1035LabelMessages(value);
    return texts.length === 0 ? [] : [invalidValue(`${path}.${field}`, value, texts.join(','))];
  };
  const kind = (field: 'kind' | 'listKind'): FieldError[] => {
    const value = names[field];
    const texts = value === '' ? [] : dns1035LabelMessages(value.toLowerCase());
    if (texts.length === 0) return [];
    return [
      invalidValue(`${path}.${field}`, value, `may have mixed case, but should otherwise match: ${texts.join(',')}`),
    ];
  };
  const each = (field: 'shortNames' | 'categories'): FieldError[] =>
    names[field].flatMap((value, index) => {
      const texts = dns1035LabelMessages(value);
      return texts.length === 0 ? [] : [invalidValue(`${path}.${field}[${index}]`, value, texts.join(','))];
    });
  const same = names.kind !== '' && names.kind === names.listKind;
  return [
    ...label('plural', names.plural),
    ...label('singular', names.singular),
    ...kind('kind'),
    ...kind('listKind'),
    ...each('shortNames'),
    ...(same ? [invalidValue(`${path}.listKind`, names.listKind, 'kind and listKind may not be the same')] : []),
    ...each('categories'),
  ];
}
