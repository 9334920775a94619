import { goBytes, hasRawBytes } from '../model/go-template/go-bytes.ts';
import { GoTemplate } from '../model/go-template/go-template.ts';
import { GoTemplateError } from '../model/go-template/go-template-error.ts';
import { goQuote, goText } from '../model/go-text.ts';
import { compactJson } from '../model/json-printer.ts';
import { isJsonValue } from '../model/json-value.ts';
import type { JsonValue } from '../model/json-value.ts';
import type { KubeList, KubeObject } from '../model/kube-object.ts';
import type { Table } from '../model/table.ts';
import { UserError } from '../model/user-error.ts';
import type { ResourcePrinter, TextSink } from './resource-printer.ts';

const NAME = 'output';

export interface GoTemplatePrinterOptions {
  /** `--allow-missing-template-keys`. */
  readonly allowMissingKeys: boolean;
  /** Whether the object's own order of fields is shown where an error's explanation shows the object. */
  readonly keepOrder?: boolean;
}

/**
 * Prints what a template in Go's language makes of an object (`go-template=`, `--template`); no line feed is added. When a
 * template fails on the way, what it printed until then is written and, as kubectl does, all that helps to find out why.
 */
export class GoTemplatePrinter implements ResourcePrinter {
  readonly #text: string;
  readonly #template: GoTemplate;
  readonly #options: GoTemplatePrinterOptions;

  /** Throws UserError when there is no template, or it cannot be read. */
  constructor(text: string, options: GoTemplatePrinterOptions) {
    if (text === '') throw new UserError('template format specified but no template given');
    this.#text = text;
    this.#options = options;
    try {
      this.#template = new GoTemplate(NAME, text);
    } catch (error) {
      if (!(error instanceof GoTemplateError)) throw error;
      throw new UserError(`error parsing template ${text}, ${error.message}`, { cause: error });
    }
  }

  print(object: KubeObject | KubeList | Table, out: TextSink): void {
    const data: unknown = object;
    if (!isJsonValue(data)) return;
    const parts: string[] = [];
    try {
      this.#template.execute(data, this.#options, (text) => void parts.push(text));
    } catch (error) {
      if (!(error instanceof GoTemplateError)) throw error;
      write(out, `${parts.join('')}${this.#explanation(error.message, data)}`);
      const why = goBytes(error.message).toString('utf8');
      throw new UserError(`error executing template ${goQuote(this.#text)}: ${why}`, { cause: error });
    }
    write(out, parts.join(''));
  }

  #explanation(message: string, data: JsonValue): string {
    return (
      `Error executing template: ${message}. Printing more information for debugging the template:\n` +
      `\ttemplate was:\n\t\t${this.#text}\n` +
      `\traw data was:\n\t\t${compactJson(data, { sortKeys: this.#options.keepOrder !== true })}\n` +
      `\tobject given to template engine was:\n\t\t${goText(data)}\n\n`
    );
  }
}

function write(out: TextSink, text: string): void {
  out.write(hasRawBytes(text) ? goBytes(text) : text);
}
