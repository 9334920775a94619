import { compactJson } from '../model/json-printer.ts';
import type { WatchEvent } from '../model/api-message.ts';
import type { JsonValue } from '../model/json-value.ts';
import { UserError } from '../model/user-error.ts';
import { printYaml } from '../model/yaml-printer.ts';
import type { PrintFormat } from './create-printer.ts';
import type { TextSink } from './resource-printer.ts';

/** Prints watch events whole, for `--output-watch-events`: JSON one a line, YAML as documents. */
export class WatchEventPrinter {
  readonly #output: string;
  #documents = 0;

  /** Throws UserError for a format that cannot show an event. */
  constructor(format: PrintFormat) {
    if (format.output !== 'json' && format.output !== 'yaml') {
      throw new UserError(
        `--output-watch-events is not supported with the output format ${JSON.stringify(format.output)}; use json, yaml or a table`,
      );
    }
    this.#output = format.output;
  }

  print(event: WatchEvent, out: TextSink): void {
    const value = { type: event.type, object: event.object as JsonValue };
    if (this.#output === 'json') {
      out.write(`${compactJson(value, { sortKeys: false })}\n`);
      return;
    }
    out.write(`${this.#documents++ === 0 ? '' : '---\n'}${printYaml(value)}`);
  }
}
