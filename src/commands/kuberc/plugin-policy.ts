import path from 'node:path';
import type { Preferences } from './preferences.ts';
import { PreferencesError } from './preferences-error.ts';

/** Throws PreferencesError for a policy of credential plugins that contradicts itself. */
export function checkPluginPolicy({
  credentialPluginPolicy: policy,
  credentialPluginAllowlist: list,
}: Preferences): void {
  if (!['', 'AllowAll', 'DenyAll', 'Allowlist'].includes(policy)) {
    throw new PreferencesError(`unknown plugin policy: ${JSON.stringify(policy)}`);
  }
  if (policy !== 'Allowlist') {
    if (list === undefined) return;
    throw new PreferencesError(
      `misconfigured credential plugin allowlist: plugin policy is ${JSON.stringify(policy)} but allowlist is non-nil`,
    );
  }
  if (list === undefined) {
    throw new PreferencesError('credential plugin policy set to "Allowlist", but allowlist is unspecified');
  }
  if (list.length === 0) {
    throw new PreferencesError(
      'credential plugin policy set to "Allowlist", but allowlist is empty; use "DenyAll" policy instead',
    );
  }
  for (const [index, name] of list.entries()) {
    if (name === '') {
      throw new PreferencesError(`misconfigured credential plugin allowlist: empty allowlist entry #${index + 1}`);
    }
    const normal = path.normalize(name);
    if (normal !== name) {
      throw new PreferencesError(`non-normalized file path: ${JSON.stringify(name)} vs ${JSON.stringify(normal)}`);
    }
  }
}

/**
 * Why a credential plugin may not run; undefined when it may. `command` is as the kubeconfig has it; a name without a
 * folder is looked up on the `search` path, as the list's are.
 */
export function pluginRefusal(
  { credentialPluginPolicy: policy, credentialPluginAllowlist: list = [] }: Preferences,
  command: string,
  find: (name: string) => string,
): string | undefined {
  const file = find(command);
  if (policy === 'DenyAll') return `plugin ${JSON.stringify(file)} not allowed: policy set to "DenyAll"`;
  if (policy !== 'Allowlist') return undefined;
  const isListed = list.some((name) => name === file || (!name.includes('/') && find(name) === file));
  return isListed
    ? undefined
    : `plugin path ${JSON.stringify(file)} is not permitted by the credential plugin allowlist`;
}
