import type { KubeList, KubeObject } from '../model/kube-object.ts';
import type { Table } from '../model/table.ts';
import type { ListWriter, ResourcePrinter, TextSink } from './resource-printer.ts';

/** Prints `kind.group/name`, one a line; an object of a list each. */
export class NamePrinter implements ResourcePrinter {
  print(object: KubeObject | KubeList | Table, out: TextSink): void {
    if ('items' in object && Array.isArray(object.items)) {
      for (const item of object.items as KubeObject[]) out.write(`${qualifiedName(item)}\n`);
      return;
    }
    out.write(`${qualifiedName(object)}\n`);
  }

  list(out: TextSink): ListWriter {
    return {
      add: (objects) => out.write(objects.map((each) => `${qualifiedName(each)}\n`).join('')),
      end: () => undefined,
    };
  }
}

/** `pod/x`, `deployment.apps/web`: the lower-case kind with its group, and the name, `<unknown>` of what has none. */
export function qualifiedName(object: Pick<KubeObject, 'apiVersion' | 'kind' | 'metadata'>): string {
  return `${qualifiedKind(object.apiVersion, object.kind)}/${(object.metadata as KubeObject['metadata'] | undefined)?.name ?? '<unknown>'}`;
}

/** The lower-case kind, with its group when it has one. */
export function qualifiedKind(apiVersion: string, kind: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? kind.toLowerCase() : `${kind.toLowerCase()}.${apiVersion.slice(0, slash)}`;
}
