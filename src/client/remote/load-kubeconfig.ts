import fs from 'node:fs';
import path from 'node:path';
import type { KubeconfigFiles } from '../../kubeconfig/kubeconfig-files.ts';
import { UserError } from '../../model/user-error.ts';
import { goFileError } from '../../model/go-file-error.ts';
import { type Kubeconfig, readKubeconfig } from './kubeconfig-entries.ts';

/** Loads and merges kubeconfig files: of equal names, and of current contexts, the first file's counts. Throws UserError. */
export async function loadKubeconfig(files: KubeconfigFiles): Promise<Kubeconfig> {
  const names = 'explicit' in files ? [files.explicit] : files.list;
  const missing = 'explicit' in files && !fs.existsSync(files.explicit);
  if (missing) throw new UserError(`stat ${files.explicit}: no such file or directory`);
  const configs: Kubeconfig[] = [];
  for (const name of names) {
    const text = readIfThere(name);
    if (text !== undefined) configs.push(await parseFile(name, text));
  }
  return {
    currentContext: configs.find((each) => each.currentContext !== '')?.currentContext ?? '',
    clusters: merged(configs.map((each) => each.clusters)),
    users: merged(configs.map((each) => each.users)),
    contexts: merged(configs.map((each) => each.contexts)),
  };
}

function merged<T>(maps: readonly ReadonlyMap<string, T>[]): Map<string, T> {
  return new Map(maps.toReversed().flatMap((each) => [...each]));
}

function readIfThere(file: string): string | undefined {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new UserError(`error loading config file ${JSON.stringify(file)}: ${goFileError('open', file, error)}`, {
      cause: error,
    });
  }
}

async function parseFile(file: string, text: string): Promise<Kubeconfig> {
  const { parseYaml } = await import('../../model/yaml.ts');
  const folder = path.dirname(path.resolve(file));
  try {
    return readKubeconfig(parseYaml(text), folder);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`error loading config file ${JSON.stringify(file)}: ${error.message}`, { cause: error });
  }
}
