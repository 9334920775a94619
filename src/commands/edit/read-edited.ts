import { decodeObjects, headerProblem } from '../../manifests/object-decoder.ts';
import type { JsonValue } from '../../model/json-value.ts';
import { UserError } from '../../model/user-error.ts';
import { parseYaml } from '../../model/yaml.ts';
import { parseYamlDocuments } from '../../model/yaml-documents.ts';
import type { Context } from '../context.ts';
import type { FoundObject } from '../find-objects.ts';
import { targetOfManifest } from '../resolve-targets.ts';
import { withoutComments } from './edit-text.ts';

const SOURCE = 'edited-file';

/** The objects of a text. Throws UserError for one that cannot be read or whose kind is not served. */
export async function readEdited(text: string, context: Context): Promise<FoundObject[]> {
  const found: FoundObject[] = [];
  for (const { value, raw, document } of parseYamlDocuments(text, SOURCE)) {
    for (const object of decodeObjects(value, SOURCE, raw)) {
      if (object instanceof Error) throw object;
      const target = await targetOfManifest({ object, source: SOURCE, document }, context);
      if (target.kind === 'failure') throw target.error;
      found.push({ target, object: target.manifest?.object ?? object });
    }
  }
  return found;
}

/** What client-side validation says of an edited text; undefined when it lets it pass. */
export function unreadableReason(text: string): string | undefined {
  let value: JsonValue;
  try {
    value = parseYaml(withoutComments(text));
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  return headerProblem(value);
}
