import { goQuote, goSyntax, goText } from '../model/go-text.ts';
import { compactJson, printJson } from '../model/json-printer.ts';
import { isJsonValue } from '../model/json-value.ts';
import type { JsonValue } from '../model/json-value.ts';
import { JsonPathError } from '../model/jsonpath/json-path-error.ts';
import { parseJsonPath } from '../model/jsonpath/json-path.ts';
import type { JsonPath } from '../model/jsonpath/json-path.ts';
import type { KubeList, KubeObject } from '../model/kube-object.ts';
import type { Table } from '../model/table.ts';
import { UserError } from '../model/user-error.ts';
import type { ResourcePrinter, TextSink } from './resource-printer.ts';

/** As for go-templates: every value that holds others may be printed again with each of them. */
const MOST_OUTPUT = 256 * 1024 * 1024;

export interface JsonPathPrinterOptions {
  /** `jsonpath-as-json`: every part of the template prints its results as a JSON list. */
  readonly asJson?: boolean;
  /** `--allow-missing-template-keys`; true when not said. */
  readonly allowMissingKeys?: boolean;
}

/**
 * Prints what a JSONPath template finds (`jsonpath=`, `jsonpath-file=`, `jsonpath-as-json=`): scalars as they are, objects
 * and lists as compact JSON, several results with a space between them, and no line feed at the end.
 */
export class JsonPathPrinter implements ResourcePrinter {
  readonly #path: JsonPath;
  readonly #options: JsonPathPrinterOptions;

  /** Throws UserError when there is no template, or it cannot be read. */
  constructor(template: string, options: JsonPathPrinterOptions = {}) {
    if (template === '') throw new UserError('template format specified but no template given');
    try {
      this.#path = parseJsonPath(template);
    } catch (error) {
      if (!(error instanceof JsonPathError)) throw error;
      throw new UserError(`error parsing jsonpath ${template}, ${error.message}`);
    }
    this.#options = options;
  }

  print(object: KubeObject | KubeList | Table, out: TextSink): void {
    const counted = this.#counter();
    const { asJson } = this.#options;
    const partText = (results: JsonValue[]): string =>
      asJson === true
        ? listText(results.map((each) => counted(itemText(each))))
        : results.map((each) => counted(resultText(each))).join(' ');
    out.write(this.#find(object).map(partText).join(''));
  }

  /** Passes texts on, until they are too much together. */
  #counter(): (text: string) => string {
    let written = 0;
    return (text) => {
      written += text.length;
      if (written <= MOST_OUTPUT) return text;
      throw new UserError(
        `error executing jsonpath ${goQuote(this.#path.template)}: more than ${MOST_OUTPUT} characters`,
      );
    };
  }

  #find(object: unknown): JsonValue[][] {
    if (!isJsonValue(object)) return [];
    try {
      return this.#path.evaluate(object, { allowMissingKeys: this.#options.allowMissingKeys ?? true });
    } catch (error) {
      if (!(error instanceof JsonPathError)) throw error;
      const { template } = this.#path;
      throw new UserError(
        `error executing jsonpath ${goQuote(template)}: Error executing template: ${error.message}. ` +
          `Printing more information for debugging the template:\n\ttemplate was:\n\t\t${template}\n` +
          `\tobject given to jsonpath engine was:\n\t\t${goSyntax(object)}\n\n\n`,
      );
    }
  }
}

/** A value as it stands in a list. */
function itemText(value: JsonValue): string {
  return printJson([value], { indent: 4, sortKeys: true }).slice(2, -2);
}

function listText(items: readonly string[]): string {
  return items.length === 0 ? '[]\n' : `[\n${items.join(',\n')}\n]\n`;
}

function resultText(value: JsonValue): string {
  if (value === null) return 'null';
  return typeof value === 'object' ? compactJson(value, { sortKeys: true }) : goText(value);
}
