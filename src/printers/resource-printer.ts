import type { KubeList, KubeObject } from '../model/kube-object.ts';
import type { Table } from '../model/table.ts';

/** Where printed text goes. */
export interface TextSink {
  write(text: string): void;
}

/** Turns objects into one output format. Formats that need several objects at once get a KubeList. */
export interface ResourcePrinter {
  /** Throws UserError when the object cannot be shown in this format; then nothing was written. */
  print(object: KubeObject | KubeList | Table, out: TextSink): void;
}
