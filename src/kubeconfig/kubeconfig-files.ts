import path from 'node:path';

/** Where kubeconfig files are: one named by a flag, which must exist, or a list of which any may be missing. */
export type KubeconfigFiles = { readonly explicit: string } | { readonly list: readonly string[] };

/** The files by client-go's loading rules: the flag, $KUBECONFIG, `~/.kube/config`. */
export function kubeconfigFiles(
  flag: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  homeFolder: string,
): KubeconfigFiles {
  if (flag) return { explicit: flag };
  const list = env['KUBECONFIG'] ?? '';
  if (list === '') return { list: [path.join(homeFolder, '.kube', 'config')] };
  return { list: [...new Set(list.split(path.delimiter).filter((each) => each !== ''))] };
}
