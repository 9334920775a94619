import fs from 'node:fs';
import { goFileError } from '../model/go-file-error.ts';
import { UserError } from '../model/user-error.ts';
import { type ConfigDocument, emptyConfig, mergeConfigs, readConfig } from './config-document.ts';
import type { KubeconfigFiles } from './kubeconfig-files.ts';

/** All files that may be read, the first one's word counting most. */
export function configPaths(files: KubeconfigFiles): readonly string[] {
  return 'explicit' in files ? [files.explicit] : files.list;
}

/** Where something new is written: the one file, or the first of several that exists, or the last. */
export function defaultConfigPath(files: KubeconfigFiles): string {
  const paths = configPaths(files);
  return paths.find((each) => fs.existsSync(each)) ?? paths.at(-1) ?? '';
}

/** What all files say together; missing ones say nothing. Rejects with UserError in client-go's words, with an AggregateError when it is
 * about several files. */
export async function loadConfig(files: KubeconfigFiles): Promise<ConfigDocument> {
  const configs: ConfigDocument[] = [];
  const problems: UserError[] = [];
  for (const path of configPaths(files)) {
    try {
      const config = await loadConfigFile(path);
      if (config !== undefined) configs.push(config);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.push(new UserError(`error loading config file "${path}": ${error.message}`, { cause: error }));
    }
  }
  const [first] = problems;
  if (problems.length > 1) throw new AggregateError(problems);
  if (first !== undefined) throw first;
  return mergeConfigs(configs);
}

/** One file alone; undefined when it is missing. */
export async function loadConfigFile(path: string): Promise<ConfigDocument | undefined> {
  const text = readIfThere(path);
  if (text === undefined) return undefined;
  if (text === '') return emptyConfig();
  const { parseYaml } = await import('../model/yaml.ts');
  return readConfig(parseYaml(text), path);
}

function readIfThere(path: string): string | undefined {
  try {
    return fs.readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new UserError(goFileError('open', path, error), { cause: error });
  }
}
