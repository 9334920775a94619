import fs from 'node:fs';
import path from 'node:path';
import { type BuiltObject, builtText } from '../kustomize/build-kustomization.ts';
import { goFileError } from '../model/go-file-error.ts';
import { UserError } from '../model/user-error.ts';
import { kustomizeDisk } from './kustomize-disk.ts';

/**
 * Writes what a kustomization came to: to a file, or, where `output` is a folder, each object to a file in it, named by kind
 * and name, and by namespace when there are several. Throws UserError when a file cannot be written.
 */
export function writeKustomization(objects: readonly BuiltObject[], output: string): void {
  if (!kustomizeDisk.isFolder(output)) {
    write(output, builtText(objects));
    return;
  }
  const namespaces = new Set(objects.filter(({ id }) => !id.clusterScoped).map(namespaceOf));
  for (const object of objects) {
    const { group, version, kind, name, clusterScoped } = object.id;
    const type = [group, version, kind].filter((part) => part !== '').join('_');
    const prefix = clusterScoped || namespaces.size < 2 ? '' : `${namespaceOf(object)}_`;
    write(path.join(output, `${prefix}${type}_${name}.yaml`.toLowerCase()), builtText([object]));
  }
}

function namespaceOf({ id }: BuiltObject): string {
  return id.namespace || 'default';
}

function write(file: string, text: string): void {
  try {
    fs.writeFileSync(file, text, { mode: 0o666 });
  } catch (error) {
    throw new UserError(goFileError('open', file, error));
  }
}
