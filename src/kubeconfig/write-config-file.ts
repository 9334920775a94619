import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { printYaml } from '../model/yaml-printer.ts';
import { type ConfigDocument, configObject } from './config-document.ts';

/**
 * Replaces a kubeconfig file, whole or not at all: durable when it returns, and never seen half-written. A file that is there
 * keeps its mode and owner, and a link stays a link; a new one is for its owner alone.
 */
export function writeConfigFile(file: string, config: ConfigDocument): void {
  const target = fs.existsSync(file) ? fs.realpathSync(file) : file;
  const before = fs.statSync(target, { throwIfNoEntry: false });
  const partial = path.join(path.dirname(target), `.${path.basename(target)}.${randomBytes(6).toString('hex')}`);
  const fd = fs.openSync(partial, 'wx', 0o600);
  try {
    if (before !== undefined) {
      fs.fchmodSync(fd, before.mode & 0o7777);
      keepOwner(fd, before);
    }
    fs.writeFileSync(fd, printYaml(configObject(config)));
    fs.fsyncSync(fd);
  } catch (error) {
    fs.rmSync(partial, { force: true });
    throw error;
  } finally {
    fs.closeSync(fd);
  }
  fs.renameSync(partial, target);
}

function keepOwner(fd: number, { uid, gid }: fs.Stats): void {
  try {
    fs.fchownSync(fd, uid, gid);
  } catch (error) {
    // Only root may give files away; whoever else may write the folder becomes the owner.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) throw error;
  }
}
