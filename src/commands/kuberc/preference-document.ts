import type { KubeObject } from '../../model/kube-object.ts';
import type { CommandDefaults, FlagOption, Preferences } from './preferences.ts';
import { PREFERENCE_VERSION } from './preferences.ts';

/** Preferences as a document of the current version, its fields in Go's order; lists without entries are `empty`. */
export function preferenceDocument(preferences: Preferences, empty: null | []): KubeObject {
  const { defaults, aliases, credentialPluginPolicy: policy, credentialPluginAllowlist: allowlist } = preferences;
  const document = {
    kind: 'Preference',
    apiVersion: PREFERENCE_VERSION,
    defaults:
      defaults.length === 0 ? empty : defaults.map(({ command, options }) => ({ command, ...optionsOf(options) })),
    aliases:
      aliases.length === 0
        ? empty
        : aliases.map(({ name, command, prependArgs, appendArgs, options }) => ({
            name,
            command,
            ...(prependArgs.length === 0 ? {} : { prependArgs }),
            ...(appendArgs.length === 0 ? {} : { appendArgs }),
            ...optionsOf(options),
          })),
    ...(policy === '' ? {} : { credentialPluginPolicy: policy }),
    ...(allowlist === undefined ? {} : { credentialPluginAllowlist: allowlist.map((name) => ({ name })) }),
  };
  // It has no metadata; printers want none.
  return document as unknown as KubeObject;
}

function optionsOf(options: CommandDefaults['options']): { options?: FlagOption[] } {
  return options.length === 0 ? {} : { options: options.map(({ name, default: value }) => ({ name, default: value })) };
}
