import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { printYaml } from '../../model/yaml-printer.ts';
import { UserError } from '../../model/user-error.ts';
import { systemMessage } from '../create/data-sources.ts';
import { preferenceDocument } from './preference-document.ts';
import type { Preferences } from './preferences.ts';

/** Replaces a kuberc file, whole or not at all. A link stays a link. */
export function writePreferences(file: string, preferences: Preferences): void {
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    const target = fs.existsSync(file) ? fs.realpathSync(file) : file;
    const partial = path.join(path.dirname(target), `.${path.basename(target)}.${randomBytes(6).toString('hex')}`);
    try {
      fs.writeFileSync(partial, printYaml(preferenceDocument(preferences, null)), {
        flag: 'wx',
        mode: 0o644,
        flush: true,
      });
      fs.renameSync(partial, target);
    } finally {
      fs.rmSync(partial, { force: true });
    }
  } catch (error) {
    throw new UserError(`error writing preferences file: open ${file}: ${systemMessage(error)}`, { cause: error });
  }
}
