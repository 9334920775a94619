import { type FieldError, fieldForbidden, invalidValue, required } from '../../../model/field-error.ts';
import { fileModeErrors, selectorErrors } from '../field-checks.ts';
import { type Fields, isSet, numberIn, objectIn, objectsIn, textIn } from '../fields.ts';
import { subdomainRule } from '../value-rules.ts';
import { FILE_FIELDS, fieldReferenceErrors, resourceReferenceErrors } from './downward-errors.ts';
import { localPathErrors } from './path-errors.ts';

/** What is wrong with the items of a ConfigMap or Secret volume (validateKeyToPath). */
export function keysToPathsErrors(source: Fields, path: string): FieldError[] {
  return objectsIn(source, 'items').flatMap((item, index) => keyToPathErrors(item, `${path}.items[${index}]`));
}

function keyToPathErrors(item: Fields, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (textIn(item, 'key') === '') errors.push(required(`${path}.key`));
  const file = textIn(item, 'path');
  if (file === '') errors.push(required(`${path}.path`));
  return [...errors, ...localPathErrors(`${path}.path`, file), ...fileModeErrors(item, 'mode', path)];
}

/** What is wrong with a file of the downward API (validateDownwardAPIVolumeFile). */
export function downwardFileErrors(file: Fields, path: string): FieldError[] {
  const name = textIn(file, 'path');
  const errors = name === '' ? [required(`${path}.path`)] : [];
  errors.push(...localPathErrors(`${path}.path`, name));
  const field = objectIn(file, 'fieldRef');
  const resource = objectIn(file, 'resourceFieldRef');
  if (field !== undefined) {
    errors.push(...fieldReferenceErrors(field, FILE_FIELDS, `${path}.fieldRef`));
    if (resource !== undefined) {
      const detail = 'fieldRef and resourceFieldRef can not be specified simultaneously';
      errors.push(invalidValue(path, 'resource', detail));
    }
  } else if (resource !== undefined) {
    errors.push(...resourceReferenceErrors(resource, `${path}.resourceFieldRef`, true));
  } else errors.push(required(path, 'one of fieldRef and resourceFieldRef is required'));
  return [...errors, ...fileModeErrors(file, 'mode', path)];
}

/** Paths that sources of one projected volume take; none may take another's. */
class TakenPaths {
  readonly #paths = new Set<string>();
  readonly #volume: string;

  constructor(volume: string) {
    this.#volume = volume;
  }

  take(path: string, told: string): FieldError[] {
    if (path === '') return [];
    if (this.#paths.has(path)) return [invalidValue(this.#volume, told, 'conflicting duplicate paths')];
    this.#paths.add(path);
    return [];
  }
}

type SourceCheck = (source: Fields, place: { path: string; volume: string; taken: TakenPaths }) => FieldError[];

const SOURCES: Readonly<Record<string, SourceCheck>> = {
  secret: namedFilesErrors,
  configMap: namedFilesErrors,
  downwardAPI: (source, { path, taken }) =>
    objectsIn(source, 'items').flatMap((file) => {
      const name = textIn(file, 'path');
      return [...downwardFileErrors(file, path), ...taken.take(name, name)];
    }),
  serviceAccountToken: tokenErrors,
  clusterTrustBundle: trustBundleErrors,
};

/** What is wrong with the sources of a projected volume (validateProjectionSources). */
export function projectedErrors(projection: Fields, volume: string): FieldError[] {
  const taken = new TakenPaths(volume);
  return objectsIn(projection, 'sources').flatMap((source, index) => {
    const at = `${volume}.sources[${index}]`;
    const errors: FieldError[] = [];
    let sources = 0;
    for (const [key, check] of Object.entries(SOURCES)) {
      const part = objectIn(source, key);
      if (part === undefined) continue;
      sources++;
      errors.push(...check(part, { path: `${at}.${key}`, volume, taken }));
    }
    if (sources > 1) errors.push(fieldForbidden(at, 'may not specify more than 1 volume type per source'));
    return errors;
  });
}

function namedFilesErrors(...[source, { path, taken }]: Parameters<SourceCheck>): FieldError[] {
  const name = textIn(source, 'name');
  const errors = name === '' ? [required(`${path}.name`)] : [];
  for (const [index, item] of objectsIn(source, 'items').entries()) {
    errors.push(...keyToPathErrors(item, `${path}.items[${index}]`), ...taken.take(textIn(item, 'path'), name));
  }
  return errors;
}

const LEAST_SECONDS = 600;
const MOST_SECONDS = 2 ** 32;

function tokenErrors(...[source, { path, volume }]: Parameters<SourceCheck>): FieldError[] {
  const seconds = numberIn(source, 'expirationSeconds') ?? 0;
  const errors: FieldError[] = [];
  const wrong = (detail: string) => errors.push(invalidValue(`${path}.expirationSeconds`, seconds, detail));
  if (seconds < LEAST_SECONDS) wrong('may not specify a duration less than 10 minutes');
  if (seconds > MOST_SECONDS) wrong('may not specify a duration larger than 2^32 seconds');
  const file = textIn(source, 'path');
  // The field is the volume's: upstream's path.
  if (file === '') return [...errors, required(`${volume}.path`)];
  return [...errors, ...localPathErrors(`${volume}.path`, file)];
}

function trustBundleErrors(...[source, { path, taken }]: Parameters<SourceCheck>): FieldError[] {
  const errors = bundleChoiceErrors(source, path);
  const file = textIn(source, 'path');
  if (file === '') errors.push(required(`${path}.path`));
  return [...errors, ...localPathErrors(`${path}.path`, file), ...taken.take(file, file)];
}

function bundleChoiceErrors(source: Fields, path: string): FieldError[] {
  const byName = isSet(source, 'name');
  const bySigner = isSet(source, 'signerName');
  if (byName && bySigner) return [invalidValue(path, source, 'only one of name and signerName may be used')];
  if (bySigner) {
    const missing = textIn(source, 'signerName') === '';
    return [
      ...(missing ? [required(`${path}.signerName`, 'must be a valid signer name')] : []),
      ...selectorErrors(objectIn(source, 'labelSelector'), `${path}.labelSelector`),
    ];
  }
  if (!byName) return [required(path, 'either name or signerName must be specified')];
  const name = textIn(source, 'name');
  const errors = name === '' ? [required(`${path}.name`, 'must be a valid object name')] : [];
  const plain = name.slice(name.lastIndexOf(':') + 1);
  for (const text of subdomainRule(plain)) {
    errors.push(invalidValue(`${path}.name`, name, `not a valid clustertrustbundlename: ${text}`));
  }
  if (isSet(source, 'labelSelector')) {
    const detail = 'labelSelector must be unset if name is specified';
    errors.push(invalidValue(`${path}.labelSelector`, source['labelSelector'], detail));
  }
  return errors;
}
