import { type FieldError, invalidValue } from '../../model/field-error.ts';

/** Resources that have no API and are never encrypted. */
const WITHOUT_API: readonly string[] = ['apiserveripinfo', 'serviceipallocations', 'servicenodeportallocations'];

/** The rules for names of resources in one rule of an EncryptionConfiguration; mirrors kube-apiserver's own. */
export function validateResourceNames(names: readonly string[], path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (new Set(names).size < names.length) {
    errors.push(invalidValue(path, names, 'the same resource cannot be specified multiple times'));
  }
  if (overlap(names)) {
    const detail =
      "using overlapping resources such as 'secrets' and '*.' in the same resource list is not allowed as they will be masked";
    errors.push(invalidValue(path, names, detail));
  }
  for (const [index, name] of names.entries()) {
    const detail = problemOf(name);
    if (detail !== undefined) errors.push(invalidValue(`${path}[${index}]`, name, detail));
  }
  return errors;
}

const groupOf = (name: string): string => (name.includes('.') ? name.slice(name.indexOf('.') + 1) : '');

function overlap(names: readonly string[]): boolean {
  if (names.length < 2) return false;
  return names.some(
    (name, index) =>
      name === '*.*' ||
      (name.startsWith('*.') && names.some((other, at) => at !== index && groupOf(other) === groupOf(name))),
  );
}

function problemOf(name: string): string | undefined {
  if (name.toLowerCase() !== name) return 'resource name should not contain capital letters';
  if (name === '*') {
    return "use '*.' to encrypt all the resources from core API group or *.* to encrypt all resources";
  }
  if (WITHOUT_API.includes(name)) return 'resources which do not have REST API/s cannot be encrypted';
  const group = groupOf(name);
  if (group === 'events.k8s.io') {
    return "'*.events.k8s.io' objects are stored using the 'events' API group in etcd. Use 'events' instead in the config file";
  }
  if (group === 'extensions') return "'extensions' group has been removed and cannot be used for encryption";
  if (group === '*' && name !== '*.*') return 'encrypting the same resource across groups is not supported';
  return undefined;
}
