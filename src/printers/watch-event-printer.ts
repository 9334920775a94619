import { compactJson } from '../model/json-printer.ts';
import type { WatchEvent } from '../model/api-message.ts';
import type { JsonValue } from '../model/json-value.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { UserError } from '../model/user-error.ts';
import { printYaml } from '../model/yaml-printer.ts';
import { createPrinter, type PrintFormat } from './create-printer.ts';
import type { ObjectRun, ResourcePrinter, TextSink } from './resource-printer.ts';

/**
 * Prints watch events whole, for `--output-watch-events`: JSON one a line, YAML as documents, templates and paths on an object
 * of `type` and `object`; names are those of the objects. KYAML has no form for an event, as in kubectl: UserError.
 */
export class WatchEventPrinter {
  readonly #output: string;
  readonly #printer: ResourcePrinter;
  #documents = 0;
  #run: ObjectRun | undefined;

  private constructor(output: string, printer: ResourcePrinter) {
    this.#output = output;
    this.#printer = printer;
  }

  /** Rejects with UserError for a format that there is not. */
  static async create(format: PrintFormat): Promise<WatchEventPrinter> {
    return new WatchEventPrinter(format.output, await createPrinter(format, { columns: true }));
  }

  print(event: WatchEvent, out: TextSink): void {
    const value = { type: event.type, object: event.object as JsonValue };
    if (this.#output === 'json') {
      out.write(`{"type":"${event.type}","object":${compactJson(event.object, { sortKeys: true })}}\n`);
    } else if (this.#output === 'kyaml') {
      throw new UserError('missing apiVersion or kind; try GetObjectKind().SetGroupVersionKind() if you know the type');
    } else if (this.#output === 'yaml') {
      out.write(`${this.#documents++ === 0 ? '' : '---\n'}${printYaml(value)}`);
    } else {
      // What is printed so has no fields of an object that a template could not do without.
      const shown: unknown = this.#output === 'name' ? event.object : value;
      this.#run ??= this.#printer.run?.(out);
      if (this.#run === undefined) this.#printer.print(shown as KubeObject, out);
      else this.#run.add(shown as KubeObject);
    }
  }

  /** Writes what is held back until columns are known. */
  flush(): void {
    this.#run?.flush();
  }
}
