import fs from 'node:fs';
import type { KubeList, KubeObject } from '../../model/kube-object.ts';
import { UserError } from '../../model/user-error.ts';
import { createPrinter } from '../../printers/create-printer.ts';
import { goQuote } from '../../model/go-text.ts';
import type { Context } from '../context.ts';
import type { FieldValidation } from '../field-validation.ts';
import type { FoundObject } from '../find-objects.ts';
import { SilentExit } from '../silent-exit.ts';
import type { EditLanguage } from './edit-options.ts';
import { EditResults, type EditReason } from './edit-results.ts';
import { editedMeaning, editHeader, hasContent, withoutComments } from './edit-text.ts';
import { editText } from './editor.ts';
import { readEdited, unreadableReason } from './read-edited.ts';

/** What is done with objects after they were edited; failures that editing may mend are added to the results. */
export type SaveEdit = (
  edited: readonly FoundObject[],
  originals: readonly FoundObject[],
  results: EditResults,
) => Promise<void>;

export interface EditSessionOptions {
  readonly language: EditLanguage;
  /** What the comment above the text says it is. */
  readonly what: 'object' | 'last-applied';
  readonly windowsLineEndings: boolean;
  readonly fieldValidation: FieldValidation;
  readonly save: SaveEdit;
}

/**
 * Has a person edit objects in one text until they are saved or editing is given up, as kubectl's EditOptions does. Throws
 * SilentExit when what was edited could not be saved and was said so; the text then stays in a file that is named.
 */
export async function editObjects(
  originals: readonly FoundObject[],
  options: EditSessionOptions,
  context: Context,
): Promise<void> {
  await new EditSession(originals, options, context).run();
}

class EditSession {
  readonly #originals: readonly FoundObject[];
  readonly #options: EditSessionOptions;
  readonly #context: Context;
  /** What the text was before it was edited, and after. */
  #original = '';
  #edited = '';
  /** The file of the last round, kept while its text is not saved. */
  #file = '';
  #reasons: readonly EditReason[] = [];
  /** Whether the last text could not be read or saved. */
  #failed = false;

  constructor(originals: readonly FoundObject[], options: EditSessionOptions, context: Context) {
    this.#originals = originals;
    this.#options = options;
    this.#context = context;
  }

  async run(): Promise<void> {
    try {
      while (!(await this.#round()));
    } catch (error) {
      if (!(error instanceof SilentExit)) this.#tellOfFile();
      throw error;
    }
  }

  /** One time in the editor; true when there is nothing more to do. */
  async #round(): Promise<boolean> {
    const before = this.#edited;
    const { text, file } = await editText(
      await this.#textToEdit(),
      this.#options.language === 'json' ? '.json' : '.yaml',
      this.#context,
    );
    if (this.#file !== '') fs.rmSync(this.#file, { force: true });
    this.#edited = text;
    this.#file = file;
    if (this.#failed && editedMeaning(before) === editedMeaning(text)) {
      throw new UserError('Edit cancelled, no valid changes were saved.');
    }
    const results = new EditResults();
    const unreadable = this.#options.fieldValidation === 'Ignore' ? undefined : unreadableReason(text);
    if (unreadable !== undefined) {
      this.#say(results.addUnreadable(unreadable, this.#first));
      return this.#again(results);
    }
    if (editedMeaning(this.#original) === editedMeaning(text)) return this.#cancel('Edit cancelled, no changes made.');
    if (!hasContent(text)) return this.#cancel('Edit cancelled, saved file was empty.');
    let edited: FoundObject[];
    try {
      edited = await readEdited(text, this.#context);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      results.reasons.push({ head: `The edited file had a syntax error: ${error.message}`, causes: [] });
      return this.#again(results);
    }
    await this.#requireNamespace(edited);
    await this.#options.save(this.#withManagedFields(edited), this.#originals, results);
    return this.#finish(results);
  }

  #finish(results: EditResults): boolean {
    if (results.retryable > 0) {
      this.#say(`You can run \`${this.#context.programName} replace -f ${this.#file}\` to try this update again.`);
      throw new SilentExit(1);
    }
    if (results.notFound > 0) {
      this.#say(`The edits you made on deleted resources have been saved to ${goQuote(this.#file)}`);
      throw new SilentExit(1);
    }
    if (results.reasons.length > 0) return this.#again(results);
    fs.rmSync(this.#file, { force: true });
    return true;
  }

  #again({ reasons }: EditResults): boolean {
    this.#reasons = reasons;
    this.#failed = true;
    return false;
  }

  #cancel(message: string): boolean {
    fs.rmSync(this.#file, { force: true });
    this.#say(message);
    return true;
  }

  /** After a failure the person goes on with what was edited. */
  async #textToEdit(): Promise<string> {
    const { language, what, windowsLineEndings } = this.#options;
    const ended = (text: string): string => (windowsLineEndings ? text.replaceAll('\n', '\r\n') : text);
    const header = language === 'json' ? '' : ended(editHeader(what, this.#reasons));
    if (this.#failed) return `${header}${withoutComments(this.#edited)}`;
    const objects = this.#originals.map(({ object }) => object);
    this.#original = `${header}${ended(await printed(objects, language))}`;
    return this.#original;
  }

  get #first(): FoundObject['target'] {
    const [first] = this.#originals;
    if (first === undefined) throw new UserError('edit cancelled, no objects found');
    return first.target;
  }

  async #requireNamespace(edited: readonly FoundObject[]): Promise<void> {
    const { name: wanted } = await this.#context.namespace();
    const other = edited
      .map(({ target }) => target.namespace)
      .find((namespace) => namespace !== undefined && namespace !== wanted);
    if (other === undefined) return;
    throw new UserError(
      `the namespace from the provided object ${goQuote(other)} does not match the namespace ${goQuote(wanted)}. You must pass '--namespace=${other}' to perform this operation.`,
    );
  }

  /** Who set which field was not shown; it is put back, so that no patch touches it. */
  #withManagedFields(edited: readonly FoundObject[]): FoundObject[] {
    const kept = new Map(
      this.#originals.map(({ object: { metadata } }) => [metadata.uid ?? '', metadata.managedFields]),
    );
    return edited.map(({ target, object }) => {
      const { managedFields: _edited, ...metadata } = object.metadata;
      const managedFields = kept.get(metadata.uid ?? '');
      return {
        target,
        object: { ...object, metadata: managedFields === undefined ? metadata : { ...metadata, managedFields } },
      };
    });
  }

  #tellOfFile(): void {
    if (this.#file === '' || !fs.existsSync(this.#file)) return;
    this.#say(`A copy of your changes has been stored to ${goQuote(this.#file)}`);
  }

  #say(line: string): void {
    this.#context.streams.err.write(`${line}\n`);
  }
}

async function printed(objects: KubeObject[], language: EditLanguage): Promise<string> {
  const format = { output: language, template: '', allowMissingKeys: true, showManagedFields: false, noHeaders: false };
  const printer = await createPrinter(format);
  const [first] = objects;
  const list: KubeList = { apiVersion: 'v1', kind: 'List', metadata: {}, items: objects };
  let text = '';
  printer.print(first !== undefined && objects.length === 1 ? first : list, { write: (part) => void (text += part) });
  return text;
}
