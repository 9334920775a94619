import {
  type FieldError,
  fieldForbidden,
  fieldNotFound,
  invalidValue,
  notSupported,
  required,
} from '../../../model/field-error.ts';
import { type Fields, flagIn, isSet, objectsIn, partOf, textIn } from '../fields.ts';
import { backstepErrors, descendingPathErrors } from './path-errors.ts';

/** The volumes of a pod that are right, by name. */
export type Volumes = ReadonlyMap<string, Fields>;

/** What is wrong with the volume mounts of a container (ValidateVolumeMounts). */
export function mountsErrors(container: Fields, volumes: Volumes, path: string): FieldError[] {
  const list = `${path}.volumeMounts`;
  const devices = new Map(
    objectsIn(container, 'volumeDevices').map((device) => [textIn(device, 'name'), textIn(device, 'devicePath')]),
  );
  const paths = new Set<string>();
  return objectsIn(container, 'volumeMounts').flatMap((mount, index) => {
    const at = `${list}[${index}]`;
    const name = textIn(mount, 'name');
    const mountPath = textIn(mount, 'mountPath');
    const errors: FieldError[] = [];
    if (name === '') errors.push(required(`${at}.name`));
    if (!volumes.has(name)) errors.push(fieldNotFound(`${at}.name`, name));
    if (mountPath === '') errors.push(required(`${at}.mountPath`));
    if (paths.has(mountPath)) errors.push(invalidValue(`${at}.mountPath`, mountPath, 'must be unique'));
    paths.add(mountPath);
    if (devices.has(name)) errors.push(invalidValue(`${at}.name`, name, 'must not already exist in volumeDevices'));
    if ([...devices.values()].includes(mountPath)) {
      errors.push(invalidValue(`${at}.mountPath`, mountPath, 'must not already exist as a path in volumeDevices'));
    }
    errors.push(...subPathErrors(mount, { at, list, ofImage: isSet(volumes.get(name) ?? {}, 'image') }));
    errors.push(...propagationErrors(mount, container, `${list}.mountPropagation`));
    errors.push(...recursiveReadOnlyErrors(mount, `${list}.recursiveReadOnly`));
    return errors;
  });
}

/** Some fields are of the list, not of its entry: upstream's paths. */
function subPathErrors(mount: Fields, place: { at: string; list: string; ofImage: boolean }): FieldError[] {
  const { at, list, ofImage } = place;
  const subPath = textIn(mount, 'subPath');
  const expression = textIn(mount, 'subPathExpr');
  const errors: FieldError[] = [];
  const notOfImage = 'not allowed in image volume sources';
  if (ofImage && subPath !== '') errors.push(invalidValue(`${at}.subPath`, subPath, notOfImage));
  if (ofImage && expression !== '') errors.push(invalidValue(`${at}.subPathExpr`, expression, notOfImage));
  if (subPath !== '') errors.push(...descendingPathErrors(`${list}.subPath`, subPath));
  if (expression !== '') {
    if (subPath !== '') {
      errors.push(invalidValue(`${at}.subPathExpr`, expression, 'subPathExpr and subPath are mutually exclusive'));
    }
    errors.push(...descendingPathErrors(`${list}.subPathExpr`, expression));
  }
  return errors;
}

const PROPAGATIONS = ['Bidirectional', 'HostToContainer', 'None'];

function propagationErrors(mount: Fields, container: Fields, field: string): FieldError[] {
  if (!isSet(mount, 'mountPropagation')) return [];
  const mode = textIn(mount, 'mountPropagation');
  const errors = PROPAGATIONS.includes(mode) ? [] : [notSupported(field, mode, PROPAGATIONS)];
  if (mode === 'Bidirectional' && !flagIn(partOf(container, 'securityContext'), 'privileged')) {
    errors.push(fieldForbidden(field, 'Bidirectional mount propagation is available only to privileged containers'));
  }
  return errors;
}

function recursiveReadOnlyErrors(mount: Fields, field: string): FieldError[] {
  if (!isSet(mount, 'recursiveReadOnly')) return [];
  const mode = textIn(mount, 'recursiveReadOnly');
  if (mode === 'Disabled') return [];
  if (mode !== 'Enabled' && mode !== 'IfPossible') {
    return [notSupported(field, mode, ['Disabled', 'Enabled', 'IfPossible'])];
  }
  const errors: FieldError[] = [];
  if (!flagIn(mount, 'readOnly')) errors.push(fieldForbidden(field, 'may only be specified when readOnly is true'));
  if (isSet(mount, 'mountPropagation') && textIn(mount, 'mountPropagation') !== 'None') {
    const detail = 'may only be specified when mountPropagation is None or not specified';
    errors.push(fieldForbidden(field, detail));
  }
  return errors;
}

/** What is wrong with the block devices of a container (ValidateVolumeDevices). */
export function devicesErrors(container: Fields, volumes: Volumes, path: string): FieldError[] {
  const mounts = new Map(
    objectsIn(container, 'volumeMounts').map((mount) => [textIn(mount, 'name'), textIn(mount, 'mountPath')]),
  );
  const names = new Set<string>();
  const paths = new Set<string>();
  return objectsIn(container, 'volumeDevices').flatMap((device, index) => {
    const at = `${path}.volumeDevices[${index}]`;
    const name = textIn(device, 'name');
    const devicePath = textIn(device, 'devicePath');
    const errors: FieldError[] = [];
    const wrongName = (detail: string) => errors.push(invalidValue(`${at}.name`, name, detail));
    const wrongPath = (detail: string) => errors.push(invalidValue(`${at}.devicePath`, devicePath, detail));
    if (name === '') errors.push(required(`${at}.name`));
    if (names.has(name)) wrongName('must be unique');
    const volume = volumes.get(name);
    if (volume === undefined) errors.push(fieldNotFound(`${at}.name`, name));
    else if (!isSet(volume, 'persistentVolumeClaim') && !isSet(volume, 'ephemeral')) {
      wrongName('can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode');
    }
    if (devicePath === '') errors.push(required(`${at}.devicePath`));
    if (paths.has(devicePath)) wrongPath('must be unique');
    if (backstepErrors('', devicePath).length > 0) wrongPath("can not contain backsteps ('..')");
    else paths.add(devicePath);
    if (mounts.has(name)) wrongName('must not already exist in volumeMounts');
    if ([...mounts.values()].includes(devicePath)) wrongPath('must not already exist as a path in volumeMounts');
    if (name !== '') names.add(name);
    return errors;
  });
}
