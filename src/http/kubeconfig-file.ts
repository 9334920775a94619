import fs from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../model/user-error.ts';
import { writePrivateFile } from './private-file.ts';

/** What a kubeconfig says of one server and its one user. */
export interface KubeconfigContent {
  readonly server: string;
  /** PEM. */
  readonly certificateAuthority: string;
  readonly token: string;
}

/** By this first line a file is known to be ours to replace. */
const MARK = '# Written by kube-lite serve, which replaces it when it starts.';
const NAME = 'kube-lite';

/** A kubeconfig with one context, `kube-lite`, that holds everything itself. */
function kubeconfigText({ server, certificateAuthority, token }: KubeconfigContent): string {
  const lines = [
    MARK,
    'apiVersion: v1',
    'kind: Config',
    `current-context: ${NAME}`,
    'clusters:',
    `- name: ${NAME}`,
    '  cluster:',
    `    certificate-authority-data: ${Buffer.from(certificateAuthority).toString('base64')}`,
    `    server: ${JSON.stringify(server)}`,
    'contexts:',
    `- name: ${NAME}`,
    '  context:',
    `    cluster: ${NAME}`,
    `    user: ${NAME}-admin`,
    'users:',
    `- name: ${NAME}-admin`,
    '  user:',
    `    token: ${JSON.stringify(token)}`,
  ];
  return `${lines.join('\n')}\n`;
}

/**
 * Writes the kubeconfig for its owner alone, whole or not at all. Throws UserError rather than replace a file that it did
 * not write, unless `replaceOthers` says so.
 */
export async function writeKubeconfig(file: string, content: KubeconfigContent, replaceOthers = false): Promise<void> {
  const found = await readIfThere(file);
  if (!replaceOthers && found !== undefined && found.trim() !== '' && !found.startsWith(MARK)) {
    throw new UserError(
      `${file} was not written by kube-lite serve and is left as it is: name another file for the kubeconfig`,
    );
  }
  await fs.mkdir(path.dirname(path.resolve(file)), { recursive: true, mode: 0o700 });
  await writePrivateFile(path.resolve(file), kubeconfigText(content));
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await fs.readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
