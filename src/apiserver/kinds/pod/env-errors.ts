import { type FieldError, invalidValue, required } from '../../../model/field-error.ts';
import { ruleErrors } from '../field-checks.ts';
import { type Fields, objectIn, objectsIn, textIn } from '../fields.ts';
import { configKeyRule, subdomainName, subdomainRule, variableNameRule } from '../value-rules.ts';
import { fieldReferenceErrors, resourceReferenceErrors, VARIABLE_FIELDS } from './downward-errors.ts';
import { localPathErrors } from './path-errors.ts';

const TWO_SOURCES = 'may not have more than one field specified at a time';

/** What is wrong with the variables of a container (ValidateEnv). */
export function variablesErrors(container: Fields, path: string): FieldError[] {
  return objectsIn(container, 'env').flatMap((variable, index) => {
    const at = `${path}.env[${index}]`;
    const name = textIn(variable, 'name');
    const errors = name === '' ? [required(`${at}.name`)] : ruleErrors(`${at}.name`, name, variableNameRule);
    return [...errors, ...sourceErrors(variable, `${at}.valueFrom`)];
  });
}

function sourceErrors(variable: Fields, path: string): FieldError[] {
  const source = objectIn(variable, 'valueFrom');
  if (source === undefined) return [];
  const errors: FieldError[] = [];
  let sources = 0;
  for (const [key, check] of Object.entries(SOURCES)) {
    const reference = objectIn(source, key);
    if (reference === undefined) continue;
    sources++;
    errors.push(...check(reference, `${path}.${key}`));
  }
  const wrong = (detail: string) => errors.push(invalidValue(path, '', detail));
  if (sources === 0) {
    wrong('must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`');
  } else if (textIn(variable, 'value') !== '') wrong('may not be specified when `value` is not empty');
  else if (sources > 1) wrong(TWO_SOURCES);
  return errors;
}

const SOURCES: Readonly<Record<string, (reference: Fields, path: string) => FieldError[]>> = {
  fieldRef: (reference, path) => fieldReferenceErrors(reference, VARIABLE_FIELDS, path),
  resourceFieldRef: (reference, path) => resourceReferenceErrors(reference, path, false),
  configMapKeyRef: keyReferenceErrors,
  secretKeyRef: keyReferenceErrors,
  fileKeyRef: fileReferenceErrors,
};

function keyReferenceErrors(reference: Fields, path: string): FieldError[] {
  const key = textIn(reference, 'key');
  return [
    ...ruleErrors(`${path}.name`, textIn(reference, 'name'), subdomainRule),
    ...(key === '' ? [required(`${path}.key`)] : ruleErrors(`${path}.key`, key, configKeyRule)),
  ];
}

function fileReferenceErrors(reference: Fields, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const key = textIn(reference, 'key');
  if (key === '') errors.push(required(`${path}.key`));
  else errors.push(...ruleErrors(`${path}.key`, key, variableNameRule));
  if (textIn(reference, 'volumeName') === '') errors.push(required(`${path}.volumeName`));
  const file = textIn(reference, 'path');
  if (file === '') errors.push(required(`${path}.path`));
  else errors.push(...localPathErrors(`${path}.path`, file));
  return errors;
}

/** What is wrong with the sources of many variables at once (ValidateEnvFrom). */
export function variableSourcesErrors(container: Fields, path: string): FieldError[] {
  const list = `${path}.envFrom`;
  return objectsIn(container, 'envFrom').flatMap((source, index) => {
    const at = `${list}[${index}]`;
    const prefix = textIn(source, 'prefix');
    const errors = prefix === '' ? [] : ruleErrors(`${at}.prefix`, prefix, variableNameRule);
    let sources = 0;
    for (const key of ['configMapRef', 'secretRef']) {
      const reference = objectIn(source, key);
      if (reference === undefined) continue;
      sources++;
      errors.push(...nameErrors(textIn(reference, 'name'), `${at}.${key}.name`));
    }
    // The field is the whole list: upstream does not name the entry.
    if (sources === 0) errors.push(invalidValue(list, '', 'must specify one of: `configMapRef` or `secretRef`'));
    else if (sources > 1) errors.push(invalidValue(list, '', TWO_SOURCES));
    return errors;
  });
}

function nameErrors(name: string, field: string): FieldError[] {
  return name === '' ? [required(field)] : ruleErrors(field, name, (value) => subdomainName(value, true));
}
