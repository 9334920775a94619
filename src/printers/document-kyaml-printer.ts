import { printKyaml } from '../model/kyaml-printer.ts';
import type { KubeList, KubeObject } from '../model/kube-object.ts';
import type { Table } from '../model/table.ts';
import type { ResourcePrinter, TextSink } from './resource-printer.ts';
import { withoutManagedFields } from './without-managed-fields.ts';

/** `-o kyaml`: one document an object, each behind a `---`. */
export class KyamlPrinter implements ResourcePrinter {
  readonly #showManagedFields: boolean;
  readonly #sortKeys: boolean;

  constructor({
    showManagedFields,
    keepOrder = false,
  }: {
    readonly showManagedFields: boolean;
    readonly keepOrder?: boolean;
  }) {
    this.#showManagedFields = showManagedFields;
    this.#sortKeys = !keepOrder;
  }

  print(object: KubeObject | KubeList | Table, out: TextSink): void {
    out.write(
      printKyaml(this.#showManagedFields ? object : withoutManagedFields(object), { sortKeys: this.#sortKeys }),
    );
  }
}
