import type { KubeList, KubeObject } from '../model/kube-object.ts';
import type { Table } from '../model/table.ts';
import type { ListWriter, ObjectRun, ResourcePrinter, TextSink } from './resource-printer.ts';
import { visibleOutput } from './visible-output.ts';

/** ESC as one of the escapes that Go and JSONPath have for it. */
const ESCAPES = /\\(?:x1b|033|u001b|e\b)/i;

/**
 * Prints as another printer does; on a terminal what stands in objects cannot command it. A template that has escape
 * sequences of its own is a person's wish, and is printed as it is.
 */
export class TerminalPrinter implements ResourcePrinter {
  readonly #printer: ResourcePrinter;
  readonly #asIs: boolean;
  readonly list?: (out: TextSink) => ListWriter;
  readonly run?: (out: TextSink) => ObjectRun;

  constructor(printer: ResourcePrinter, template = '') {
    this.#printer = printer;
    this.#asIs = template.includes('\u001b') || ESCAPES.test(template);
    const list = printer.list?.bind(printer);
    if (list !== undefined) this.list = (out) => list(this.#shown(out));
    const run = printer.run?.bind(printer);
    if (run !== undefined) this.run = (out) => run(this.#shown(out));
  }

  print(object: KubeObject | KubeList | Table, out: TextSink): void {
    this.#printer.print(object, this.#shown(out));
  }

  #shown(out: TextSink): TextSink {
    return this.#asIs ? out : visibleOutput(out);
  }
}
