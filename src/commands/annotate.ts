import { UserError } from '../model/user-error.ts';
import { changeWords } from './change-words.ts';
import { type Command, defineCommand, type Invocation } from './command.ts';
import { changeMetadata, type MetadataChange } from './metadata-change.ts';
import { metadataFlags, metadataOptions, refuseLocal } from './metadata-flags.ts';

/** `annotate`: sets and removes annotations. */
export const annotate: Command = defineCommand<MetadataChange>({
  use: '[--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version]',
  description: `Set, change and remove the annotations of objects.

 An annotation that has a value is only changed with --overwrite. KEY- removes an annotation.`,
  examples: [
    { comment: 'Set an annotation', command: "kubectl annotate pods my-pod description='my frontend'" },
    {
      comment: 'Change one that has a value',
      command: "kubectl annotate --overwrite pods my-pod description='my frontend running nginx'",
    },
    { comment: 'Remove one', command: 'kubectl annotate pods my-pod description-' },
  ],
  flags: metadataFlags('annotation', 'kubectl-annotate'),
  refusesFirst: 'format',
  parse,
  run: changeMetadata,
});

function parse(invocation: Invocation): MetadataChange {
  const { resources, changes } = changeWords(invocation.args, 'annotation');
  const set = new Map<string, string>();
  const remove: string[] = [];
  for (const change of changes) {
    const at = change.indexOf('=');
    if (at < 0) remove.push(change.slice(0, -1));
    else set.set(change.slice(0, at), change.slice(at + 1));
  }
  refuseLocal(invocation, resources, 'rsrc');
  const options = metadataOptions(invocation, resources);
  if (set.size === 0 && remove.length === 0 && !options.list) {
    throw new UserError('at least one annotation update is required');
  }
  const both = remove.filter((key) => set.has(key));
  if (both.length > 0) {
    throw new UserError(
      `can not both modify and remove the following annotation(s) in the same command: ${both.join(', ')}`,
    );
  }
  return {
    ...options,
    field: 'annotations',
    set,
    remove,
    refuse: (present) => refusal(present, set),
    word: () => 'annotated',
  };
}

function refusal(present: Readonly<Record<string, string>>, set: ReadonlyMap<string, string>): string | undefined {
  const taken = [...set.keys()].filter((key) => Object.hasOwn(present, key));
  if (taken.length === 0) return undefined;
  const list = taken.map((key) => `'${key}' already has a value (${present[key] ?? ''})`).join('; ');
  return `--overwrite is false but found the following declared annotation(s): ${list}`;
}
