import { labelValueMessages } from '../model/names.ts';
import { UserError } from '../model/user-error.ts';
import { changeWords } from './change-words.ts';
import { type Command, defineCommand, type Invocation } from './command.ts';
import { changeMetadata, type MetadataChange } from './metadata-change.ts';
import { metadataFlags, metadataOptions, refuseLocal } from './metadata-flags.ts';

/** `label`: sets and removes labels. */
export const label: Command = defineCommand<MetadataChange>({
  use: '[--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version]',
  description: `Set, change and remove the labels of objects.

 A label that has a value is only changed with --overwrite. KEY- removes a label.`,
  examples: [
    { comment: 'Set a label', command: 'kubectl label pods my-pod unhealthy=true' },
    { comment: 'Change one that has a value', command: 'kubectl label --overwrite pods my-pod status=unhealthy' },
    { comment: 'Remove one', command: 'kubectl label pods my-pod unhealthy-' },
  ],
  flags: metadataFlags('label', 'kubectl-label'),
  refusesFirst: 'dry-run',
  parse,
  run: changeMetadata,
});

function parse(invocation: Invocation): MetadataChange {
  const { flags } = invocation;
  const { resources, changes } = changeWords(invocation.args, 'label');
  const { set, remove } = labelChanges(changes);
  if (flags.bool('list') && flags.string('output') !== '') {
    throw new UserError('--list and --output may not be specified together');
  }
  refuseLocal(invocation, resources, 'pod');
  const options = metadataOptions(invocation, resources);
  if (set.size === 0 && remove.length === 0 && !options.list) {
    throw new UserError('at least one label update is required');
  }
  return {
    ...options,
    field: 'labels',
    set,
    remove,
    refuse: (present) => {
      const key = [...set.keys()].find((each) => Object.hasOwn(present, each) && present[each] !== set.get(each));
      return key === undefined
        ? undefined
        : `'${key}' already has a value (${present[key] ?? ''}), and --overwrite is false`;
    },
    word: (changed, shorter) => {
      if (!changed) return 'not labeled';
      return !options.overwrite && shorter ? 'unlabeled' : 'labeled';
    },
  };
}

function labelChanges(changes: readonly string[]): { set: Map<string, string>; remove: string[] } {
  const set = new Map<string, string>();
  const remove: string[] = [];
  for (const change of changes) {
    if (!change.includes('=')) {
      remove.push(change.slice(0, -1));
      continue;
    }
    const [key = '', value = '', ...more] = change.split('=');
    if (more.length > 0) throw new UserError(`invalid label spec: ${change}`);
    const messages = labelValueMessages(value);
    if (messages.length > 0) {
      throw new UserError(`invalid label value: ${JSON.stringify(change)}: ${messages.join(';')}`);
    }
    set.set(key, value);
  }
  if (remove.some((key) => set.has(key))) {
    throw new UserError('can not both modify and remove a label in the same command');
  }
  return { set, remove };
}
