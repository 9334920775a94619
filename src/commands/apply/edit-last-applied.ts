import { UserError } from '../../model/user-error.ts';
import { type Command, defineCommand } from '../command.ts';
import type { Context } from '../context.ts';
import { editFlags, type EditOptions, editOptionsOf } from '../edit/edit-options.ts';
import { editObjects } from '../edit/edit-session.ts';
import { readEdited } from '../edit/read-edited.ts';
import { recordEdited } from '../edit/save-edit.ts';
import { Failures } from '../failures.ts';
import { allObjects, type FoundObject } from '../find-objects.ts';
import { lastAppliedOf } from '../last-applied.ts';
import { changePrinter } from '../print-change.ts';
import type { TargetRequest } from '../resolve-targets.ts';
import { fieldManagerFlag } from '../shared-flags.ts';
import { targetRequestOf } from '../target-request.ts';

interface EditLastAppliedOptions {
  readonly request: TargetRequest;
  readonly edit: EditOptions;
}

/** `apply edit-last-applied`: opens in an editor what was applied to objects last. */
export const editLastApplied: Command = defineCommand<EditLastAppliedOptions>({
  use: 'edit-last-applied (RESOURCE/NAME | -f FILENAME)',
  description:
    'Edit what was applied to objects last, as their annotation has it, in the editor of KUBE_EDITOR or EDITOR, or in vi.',
  examples: [
    { comment: 'Edit what was applied to a deployment', command: 'kubectl apply edit-last-applied deployment/nginx' },
    {
      comment: 'The same for the object of a file, in JSON',
      command: 'kubectl apply edit-last-applied -f deploy.yaml -o json',
    },
  ],
  flags: [...editFlags('whose annotations to edit'), fieldManagerFlag('kubectl-client-side-apply')],
  parse({ args, flags }) {
    return { request: { ...targetRequestOf(args, flags, []), bareTypeMeansAll: true }, edit: editOptionsOf(flags) };
  },
  run,
});

async function run({ request, edit }: EditLastAppliedOptions, context: Context): Promise<void> {
  const { fieldManager, fieldValidation } = edit;
  const print = await changePrinter(edit, context);
  const failures = new Failures();
  const found = await allObjects(request, 'latest', context, failures);
  failures.throwAny();
  const recorded: FoundObject[] = [];
  for (const { object } of found) {
    const text = lastAppliedOf(object);
    const [first] = text === undefined ? [] : await readEdited(text, context);
    if (first !== undefined) recorded.push(first);
  }
  if (recorded.length === 0) {
    throw new UserError(
      'no last-applied-configuration annotation found on resources, to create the annotation, use command `kubectl apply set-last-applied --create-annotation`',
    );
  }
  const write = { fieldManager, fieldValidation, signal: context.signal };
  const save = recordEdited({ write, print, saveConfig: false, subresource: '', outputPatch: false }, context);
  await editObjects(recorded, { ...edit, what: 'last-applied', save }, context);
}
