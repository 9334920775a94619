import type { KubeList, KubeObject } from '../model/kube-object.ts';
import type { Table } from '../model/table.ts';
import { printYaml } from '../model/yaml-printer.ts';
import type { ResourcePrinter, TextSink } from './resource-printer.ts';
import { withoutManagedFields } from './without-managed-fields.ts';

/** `-o yaml`: one document an object, with `---` between them. */
export class YamlPrinter implements ResourcePrinter {
  readonly #showManagedFields: boolean;
  #printed = 0;

  constructor({ showManagedFields }: { readonly showManagedFields: boolean }) {
    this.#showManagedFields = showManagedFields;
  }

  print(object: KubeObject | KubeList | Table, out: TextSink): void {
    const shown = this.#showManagedFields ? object : withoutManagedFields(object);
    out.write(`${this.#printed++ === 0 ? '' : '---\n'}${printYaml(shown)}`);
  }
}
