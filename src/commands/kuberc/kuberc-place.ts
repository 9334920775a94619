import fs from 'node:fs';
import path from 'node:path';
import { PreferencesError } from './preferences-error.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The file of preferences: `--kuberc`, `$KUBERC`, or `~/.kube/kuberc` where that is there. undefined when there is none,
 * and when `KUBERC=off` or `KUBECTL_KUBERC=false` says that there should be none.
 */
export function kubercPlace(given: string | undefined, env: Environment, homeFolder: string): string | undefined {
  if (env['KUBECTL_KUBERC'] === 'false') return undefined;
  if (env['KUBERC'] === 'off') {
    if (given) {
      throw new PreferencesError(
        'kuberc error disabling kuberc via KUBERC=off and passing kuberc flag are mutually exclusive',
      );
    }
    return undefined;
  }
  const named = given || env['KUBERC'];
  if (named) return named;
  const usual = usualKuberc(homeFolder);
  return fs.existsSync(usual) ? usual : undefined;
}

/** Where preferences are when nothing says otherwise. */
export function usualKuberc(homeFolder: string): string {
  return path.join(homeFolder, '.kube', 'kuberc');
}

/** The value of `--kuberc` on a command line that was not read yet. */
export function givenKuberc(argv: readonly string[]): string | undefined {
  for (const [index, word] of argv.entries()) {
    if (word === '--') return undefined;
    if (word === '--kuberc') return argv[index + 1];
    if (word.startsWith('--kuberc=')) return word.slice('--kuberc='.length);
  }
  return undefined;
}
