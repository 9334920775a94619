import fs from 'node:fs';
import { parseYaml } from '../../model/yaml.ts';
import { systemMessage } from '../create/data-sources.ts';
import { checkPluginPolicy } from './plugin-policy.ts';
import { noPreferences, type Preferences, preferencesOf } from './preferences.ts';
import { PreferencesError } from './preferences-error.ts';

/**
 * Reads a kuberc file: the first of its documents that holds preferences. Throws PreferencesError for a file that cannot
 * be read or holds none; fields that there are not are told to `say` and passed over.
 */
export function readPreferences(file: string, say: (line: string) => void): Preferences {
  const documents = contentOf(file)
    .split(/^---(?:[ \t].*)?$/m)
    .filter((each) => each.trim() !== '');
  if (documents.length === 0) return noPreferences;
  for (const document of documents) {
    const found = preferencesOf(parsed(document));
    if (found === undefined) continue;
    for (const name of found.unknown) {
      say(
        `kuberc: ignoring strict decoding error in ${file}: strict decoding error: unknown field ${JSON.stringify(name)}`,
      );
    }
    checkPluginPolicy(found.preferences);
    return found.preferences;
  }
  throw new PreferencesError(`kuberc error kuberc: no valid preferences found in ${file}, use --v=5 to see details`);
}

function contentOf(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    throw new PreferencesError(`kuberc error kuberc: open ${file}: ${systemMessage(error)}`, { cause: error });
  }
}

function parsed(document: string): unknown {
  try {
    return parseYaml(document);
  } catch {
    // Told together with everything else that holds no preferences.
    return undefined;
  }
}
