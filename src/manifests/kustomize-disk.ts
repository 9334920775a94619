import fs from 'node:fs';
import path from 'node:path';
import type { KustomizeFiles } from '../kustomize/kustomize-files.ts';

/** The files of this machine, for kustomizations; what one of them may read is the builder's to say. */
export const kustomizeDisk: KustomizeFiles = {
  absolute: (file) => path.resolve(file),
  // Not the native one: it does not tell which part of a path is missing.
  realPath: (file) => fs.realpathSync(file),
  isFolder: (file) => fs.statSync(file, { throwIfNoEntry: false })?.isDirectory() === true,
  read: (file) => fs.readFileSync(file),
};
