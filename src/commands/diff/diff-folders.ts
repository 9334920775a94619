import { randomInt } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { KubeObject } from '../../model/kube-object.ts';
import { printYaml } from '../../model/yaml-printer.ts';

/** Two temporary folders, of what there is and of what there would be, with a file for each object, readable by nobody else. */
export class DiffFolders {
  readonly live: string;
  readonly merged: string;

  private constructor(live: string, merged: string) {
    this.live = live;
    this.merged = merged;
  }

  static create(): DiffFolders {
    const live = temporaryFolder('LIVE');
    try {
      return new DiffFolders(live, temporaryFolder('MERGED'));
    } catch (error) {
      fs.rmSync(live, { recursive: true, force: true });
      throw error;
    }
  }

  /** An object that is not there leaves an empty file; null is printed as such. */
  write(side: 'live' | 'merged', file: string, object: KubeObject | null | undefined): void {
    const text = object === undefined ? '' : printYaml(object);
    fs.writeFileSync(path.join(this[side], file), text, { mode: 0o700 });
  }

  remove(): void {
    for (const folder of [this.live, this.merged]) fs.rmSync(folder, { recursive: true, force: true });
  }
}

function temporaryFolder(prefix: string): string {
  const folder = path.join(os.tmpdir(), `${prefix}-${randomInt(2 ** 32)}`);
  fs.mkdirSync(folder, { mode: 0o700 });
  return folder;
}
