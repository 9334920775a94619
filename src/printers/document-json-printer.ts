import { printJson } from '../model/json-printer.ts';
import type { KubeList, KubeObject } from '../model/kube-object.ts';
import type { Table } from '../model/table.ts';
import type { ResourcePrinter, TextSink } from './resource-printer.ts';
import { withoutManagedFields } from './without-managed-fields.ts';

export interface JsonPrinterOptions {
  readonly showManagedFields: boolean;
  readonly keepOrder: boolean;
}

/** `-o json`: indented by 4, one document an object. */
export class JsonPrinter implements ResourcePrinter {
  readonly #options: JsonPrinterOptions;

  constructor(options: JsonPrinterOptions) {
    this.#options = options;
  }

  print(object: KubeObject | KubeList | Table, out: TextSink): void {
    const shown = this.#options.showManagedFields ? object : withoutManagedFields(object);
    out.write(`${printJson(shown, { indent: 4, sortKeys: !this.#options.keepOrder })}\n`);
  }
}
