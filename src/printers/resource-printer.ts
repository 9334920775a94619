import type { KubeList, KubeObject } from '../model/kube-object.ts';
import type { Table } from '../model/table.ts';

/** Where printed text goes; bytes where it is no UTF-8. */
export interface TextSink {
  write(text: string | Uint8Array): void;
  /** Whether a person's terminal takes it. */
  readonly isTerminal?: boolean;
}

/** Turns objects into one output format. Formats that need several objects at once get a KubeList. */
export interface ResourcePrinter {
  /** Throws UserError when the object cannot be shown in this format; then nothing was written, except by templates. */
  print(object: KubeObject | KubeList | Table, out: TextSink): void;

  /**
   * Begins kubectl's List of objects that are not all there yet: what is written is what `print` writes of the whole List.
   * Absent where a format needs all objects, or has a List in another order.
   */
  list?(out: TextSink): ListWriter;

  /**
   * Begins a run of single objects whose columns stand under each other: absent where objects have nothing to do with each
   * other.
   */
  run?(out: TextSink): ObjectRun;
}

/** Writes the objects of a List as they come; at least one. */
export interface ListWriter {
  add(objects: readonly KubeObject[]): void;
  end(): void;
}

/** Lays out objects that come one after the other. */
export interface ObjectRun {
  /** Throws UserError as `print` does. */
  add(object: KubeObject): void;
  /** Writes what was added since the last flush; columns are never narrower than before. */
  flush(): void;
}
