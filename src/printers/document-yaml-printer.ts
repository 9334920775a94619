import type { KubeList, KubeObject } from '../model/kube-object.ts';
import type { Table } from '../model/table.ts';
import { printYaml } from '../model/yaml-printer.ts';
import type { ListWriter, ResourcePrinter, TextSink } from './resource-printer.ts';
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

  list(out: TextSink): ListWriter {
    out.write(`${this.#printed++ === 0 ? '' : '---\n'}apiVersion: v1\nitems:\n`);
    return {
      add: (objects) => {
        if (objects.length === 0) return;
        out.write(printYaml(this.#showManagedFields ? objects : objects.map(withoutManagedFields)));
      },
      end: () => out.write('kind: List\nmetadata:\n  resourceVersion: ""\n'),
    };
  }
}
