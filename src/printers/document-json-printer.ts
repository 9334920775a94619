import { printJson } from '../model/json-printer.ts';
import type { KubeList, KubeObject } from '../model/kube-object.ts';
import type { Table } from '../model/table.ts';
import type { ListWriter, ResourcePrinter, TextSink } from './resource-printer.ts';
import { withoutManagedFields } from './without-managed-fields.ts';

export interface JsonPrinterOptions {
  readonly showManagedFields: boolean;
  readonly keepOrder: boolean;
}

/** `-o json`: indented by 4, one document an object. */
export class JsonPrinter implements ResourcePrinter {
  readonly #options: JsonPrinterOptions;
  /** Absent where fields keep their order, in which a List's items come last. */
  readonly list?: (out: TextSink) => ListWriter;

  constructor(options: JsonPrinterOptions) {
    this.#options = options;
    if (!options.keepOrder) this.list = (out) => new JsonListWriter(out, options);
  }

  print(object: KubeObject | KubeList | Table, out: TextSink): void {
    const shown = this.#options.showManagedFields ? object : withoutManagedFields(object);
    out.write(`${printJson(shown, { indent: 4, sortKeys: !this.#options.keepOrder })}\n`);
  }
}

/** The List of sorted keys: `items` stand between `apiVersion` and `kind`. */
class JsonListWriter implements ListWriter {
  readonly #out: TextSink;
  readonly #options: JsonPrinterOptions;
  #before = '{\n    "apiVersion": "v1",\n    "items": [';

  constructor(out: TextSink, options: JsonPrinterOptions) {
    this.#out = out;
    this.#options = options;
  }

  add(objects: readonly KubeObject[]): void {
    const parts: string[] = [];
    for (const object of objects) {
      const shown = this.#options.showManagedFields ? object : withoutManagedFields(object);
      parts.push(`${this.#before}\n        ${printJson(shown, { indent: 4, sortKeys: true, margin: 8 })}`);
      this.#before = ',';
    }
    this.#out.write(parts.join(''));
  }

  end(): void {
    this.#out.write('\n    ],\n    "kind": "List",\n    "metadata": {\n        "resourceVersion": ""\n    }\n}\n');
  }
}
