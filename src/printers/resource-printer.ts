import type { KubeList, KubeObject } from '../model/kube-object.ts';
import type { Table } from '../model/table.ts';

/** Where printed text goes; bytes where it is no UTF-8. */
export interface TextSink {
  write(text: string | Uint8Array): void;
}

/** Turns objects into one output format. Formats that need several objects at once get a KubeList. */
export interface ResourcePrinter {
  /** Throws UserError when the object cannot be shown in this format; then nothing was written, except by templates. */
  print(object: KubeObject | KubeList | Table, out: TextSink): void;
}
