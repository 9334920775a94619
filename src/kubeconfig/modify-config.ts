import fs from 'node:fs';
import path from 'node:path';
import { deepEqual } from '../model/deep-equal.ts';
import { UserError } from '../model/user-error.ts';
import { configPaths, defaultConfigPath, loadConfig, loadConfigFile } from './config-access.ts';
import { type ConfigDocument, type ConfigEntry, emptyConfig } from './config-document.ts';
import type { Fields } from './config-fields.ts';
import { withConfigLocks } from './config-lock.ts';
import type { ConfigMapName } from './config-schema.ts';
import type { KubeconfigFiles } from './kubeconfig-files.ts';
import { writeConfigFile } from './write-config-file.ts';

const MAPS: readonly ConfigMapName[] = ['clusters', 'contexts', 'users'];

/**
 * Changes kubeconfig files as client-go's ModifyConfig does: `change` changes the merged configuration, each difference goes
 * to the file that it came from, and what is new to the default file. Paths of changed clusters and users become relative
 * to their file when `relativize` is true and they lie below its folder. `change` runs twice, and last while the files are
 * locked: a change of another process in between is not lost. Resolves with what it returned then.
 */
export async function modifyConfig<T>(
  files: KubeconfigFiles,
  change: (config: ConfigDocument) => T,
  relativize: boolean,
): Promise<T> {
  // Once without locks, so that a change that is refused leaves no trace.
  change(copyOf(await loadConfig(files)));
  return withConfigLocks(configPaths(files), async () => {
    const before = await loadConfig(files);
    const after = copyOf(before);
    const result = change(after);
    const writer = new ConfigWriter(files, relativize);
    await writer.currentContext(before.currentContext, after.currentContext);
    await writer.preferences(before.preferences, after.preferences);
    for (const map of MAPS) await writer.changed(map, before[map], after[map]);
    for (const map of MAPS) await writer.removed(map, before[map], after[map]);
    writer.write();
    return result;
  });
}

function copyOf(config: ConfigDocument): ConfigDocument {
  return {
    ...config,
    clusters: new Map(config.clusters),
    users: new Map(config.users),
    contexts: new Map(config.contexts),
  };
}

/** Gathers what changes in each file. */
class ConfigWriter {
  readonly #files: KubeconfigFiles;
  readonly #relativize: boolean;
  readonly #changed = new Map<string, ConfigDocument>();

  constructor(files: KubeconfigFiles, relativize: boolean) {
    this.#files = files;
    this.#relativize = relativize;
  }

  /** A context is set in the default file, and cleared where the first file sets it. */
  async currentContext(before: string, after: string): Promise<void> {
    if (before === after) return;
    if (after !== '' || 'explicit' in this.#files) {
      (await this.#open(defaultConfigPath(this.#files))).currentContext = after;
      return;
    }
    for (const file of configPaths(this.#files)) {
      if (((await loadConfigFile(file))?.currentContext ?? '') === '') continue;
      (await this.#open(file)).currentContext = '';
      return;
    }
    throw new UserError('no config found to write context');
  }

  async preferences(before: Fields, after: Fields): Promise<void> {
    if (deepEqual(before, after)) return;
    const [file] = configPaths(this.#files);
    if (file === undefined) throw new UserError('no config found to write preferences');
    (await this.#open(file)).preferences = after;
  }

  async changed(
    map: ConfigMapName,
    before: ReadonlyMap<string, ConfigEntry>,
    after: ReadonlyMap<string, ConfigEntry>,
  ): Promise<void> {
    for (const [name, entry] of after) {
      const old = before.get(name);
      if (old !== undefined && deepEqual(old, entry)) continue;
      const file = entry.origin ?? defaultConfigPath(this.#files);
      const fields = this.#relativize ? relativePaths(map, entry.fields, file) : entry.fields;
      (await this.#open(file))[map].set(name, { ...entry, fields });
    }
  }

  async removed(
    map: ConfigMapName,
    before: ReadonlyMap<string, ConfigEntry>,
    after: ReadonlyMap<string, ConfigEntry>,
  ): Promise<void> {
    for (const [name, entry] of before) {
      if (after.has(name)) continue;
      (await this.#open(entry.origin ?? defaultConfigPath(this.#files)))[map].delete(name);
    }
  }

  write(): void {
    for (const [file, config] of this.#changed) {
      fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o755 });
      writeConfigFile(file, config);
    }
  }

  async #open(file: string): Promise<ConfigDocument> {
    const open = this.#changed.get(file) ?? (await loadConfigFile(file)) ?? emptyConfig();
    this.#changed.set(file, open);
    return open;
  }
}

const PATHS: Readonly<Record<ConfigMapName, readonly string[]>> = {
  clusters: ['certificate-authority'],
  users: ['client-certificate', 'client-key', 'tokenFile'],
  contexts: [],
};

/** Paths below the file's folder become relative to it; others stay as they are, made absolute. */
function relativePaths(map: ConfigMapName, fields: Fields, configFile: string): Fields {
  const folder = path.resolve(path.dirname(configFile));
  const changed: Record<string, unknown> = { ...fields };
  for (const name of PATHS[map]) {
    const file = fields[name];
    if (typeof file === 'string') changed[name] = relativePath(file, folder);
  }
  const exec = fields['exec'] as { command?: unknown } | undefined;
  if (map === 'users' && typeof exec?.command === 'string' && exec.command.includes(path.sep)) {
    changed['exec'] = { ...exec, command: relativePath(exec.command, folder) };
  }
  return changed;
}

function relativePath(file: string, folder: string): string {
  const absolute = path.resolve(folder, file);
  const relative = path.relative(folder, absolute);
  if (relative.startsWith(`..${path.sep}`)) return absolute;
  return relative === '' ? '.' : relative;
}
