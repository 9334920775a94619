import type { KubeObject } from '../../model/kube-object.ts';
import { apiVersionOf } from '../../model/schema/resource-info.ts';
import { UserError } from '../../model/user-error.ts';
import { scopeOf } from '../collection-pages.ts';
import { type Command, defineCommand } from '../command.ts';
import type { Context } from '../context.ts';
import { Failures } from '../failures.ts';
import { allObjects, type FoundObject } from '../find-objects.ts';
import { changePrinter } from '../print-change.ts';
import type { TargetRequest } from '../resolve-targets.ts';
import { fieldManagerFlag, saveConfigFlag } from '../shared-flags.ts';
import { targetRequestOf } from '../target-request.ts';
import { editFlags, type EditOptions, editOptionsOf } from './edit-options.ts';
import { editObjects } from './edit-session.ts';
import { patchEdited } from './save-edit.ts';

interface EditCommandOptions {
  readonly request: TargetRequest;
  readonly edit: EditOptions;
  readonly saveConfig: boolean;
  readonly subresource: string;
  readonly outputPatch: boolean;
}

/** `edit`: opens objects in an editor and sends what was changed. */
export const edit: Command = defineCommand<EditCommandOptions>({
  use: '(RESOURCE/NAME | -f FILENAME)',
  description: `Edit objects in the editor of KUBE_EDITOR or EDITOR, or in vi, and send what was changed.

 Several objects are edited in one text, and each is changed on its own. When the server finds one invalid, the editor
 opens again with the reasons; what could not be saved stays in a file.`,
  examples: [
    { comment: 'Edit a service', command: 'kubectl edit svc/registry' },
    { comment: 'With another editor', command: 'KUBE_EDITOR="nano" kubectl edit svc/registry' },
    { comment: 'In JSON', command: 'kubectl edit job.v1.batch/myjob -o json' },
  ],
  flags: [
    ...editFlags('to edit'),
    fieldManagerFlag('kubectl-edit'),
    saveConfigFlag,
    { name: 'output-patch', type: 'bool', default: 'false', usage: 'Print the patch that was sent.' },
    { name: 'subresource', type: 'string', usage: 'Edit this subresource of the object.' },
  ],
  parse({ args, flags }) {
    return {
      request: { ...targetRequestOf(args, flags, []), bareTypeMeansAll: true },
      edit: editOptionsOf(flags),
      saveConfig: flags.bool('save-config'),
      subresource: flags.string('subresource'),
      outputPatch: flags.bool('output-patch'),
    };
  },
  run,
});

async function run(options: EditCommandOptions, context: Context): Promise<void> {
  const { format, fieldManager, fieldValidation } = options.edit;
  const print = await changePrinter({ format }, context);
  const originals = await latestObjects(options, context);
  if (originals.length === 0) throw new UserError('edit cancelled, no objects found');
  const write = { fieldManager, fieldValidation, signal: context.signal };
  const { saveConfig, subresource, outputPatch } = options;
  const save = patchEdited({ write, print, saveConfig, subresource, outputPatch }, context);
  await editObjects(originals, { ...options.edit, what: 'object', save }, context);
}

async function latestObjects({ request, subresource }: EditCommandOptions, context: Context): Promise<FoundObject[]> {
  const failures = new Failures();
  const found = await allObjects(request, 'latest', context, failures);
  failures.throwAny();
  if (subresource === '') {
    return found.map(({ target, object }) => ({ target, object: withKind(object, target.resource) }));
  }
  const client = await context.client();
  const { signal } = context;
  return Promise.all(
    found.map(async ({ target }) => ({
      target,
      object: await client.get(scopeOf(target, subresource), target.name, { signal }),
    })),
  );
}

/** The items of a list do not repeat what they are. */
function withKind(object: KubeObject, resource: FoundObject['target']['resource']): KubeObject {
  return { ...object, apiVersion: apiVersionOf(resource), kind: resource.kind };
}
