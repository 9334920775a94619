import type { PrintFormat } from '../../printers/create-printer.ts';
import type { Context } from '../context.ts';
import { editObjects } from '../edit/edit-session.ts';
import { languageOf } from '../edit/edit-options.ts';
import { createEdited } from '../edit/save-edit.ts';
import { Failures } from '../failures.ts';
import type { FieldValidation } from '../field-validation.ts';
import { changePrinter } from '../print-change.ts';
import { resolveTargets, type TargetRequest } from '../resolve-targets.ts';

export interface CreateEditedOptions {
  readonly request: TargetRequest;
  readonly fieldValidation: FieldValidation;
  readonly saveConfig: boolean;
  readonly format: PrintFormat;
  readonly windowsLineEndings: boolean;
}

/** `create --edit`: each object of the manifests is edited on its own and then created. */
export async function createAfterEdit(options: CreateEditedOptions, context: Context): Promise<void> {
  const { fieldValidation, format, saveConfig, windowsLineEndings } = options;
  const print = await changePrinter({ format }, context);
  const language = languageOf(format.output);
  const write = { fieldManager: 'kubectl-create', fieldValidation, signal: context.signal };
  const save = createEdited({ write, print, saveConfig, subresource: '', outputPatch: false }, context);
  const failures = new Failures();
  for await (const target of resolveTargets(options.request, context)) {
    if (target.kind === 'collection') continue;
    try {
      if (target.kind === 'failure') throw target.error;
      if (target.manifest === undefined) continue;
      const originals = [{ target, object: target.manifest.object }];
      await editObjects(originals, { language, what: 'object', windowsLineEndings, fieldValidation, save }, context);
    } catch (error) {
      context.signal.throwIfAborted();
      failures.add(error);
    }
  }
  failures.throwAny();
}
