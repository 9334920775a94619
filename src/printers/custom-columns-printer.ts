import { goText } from '../model/go-text.ts';
import { isJsonValue } from '../model/json-value.ts';
import type { JsonValue } from '../model/json-value.ts';
import { JsonPathError } from '../model/jsonpath/json-path-error.ts';
import { parseJsonPath } from '../model/jsonpath/json-path.ts';
import type { JsonPath } from '../model/jsonpath/json-path.ts';
import { relaxedExpression } from '../model/jsonpath/relaxed-expression.ts';
import type { KubeList, KubeObject } from '../model/kube-object.ts';
import type { Table } from '../model/table.ts';
import { UserError } from '../model/user-error.ts';
import { layOutBlocks } from './cell-blocks.ts';
import type { ObjectRun, ResourcePrinter, TextSink } from './resource-printer.ts';

interface CustomColumn {
  readonly header: string;
  readonly template: string;
}

/**
 * Prints one row an object with the columns that a user named, and their headers before the first row. What a column's path
 * does not find is `<none>`; several results are joined by commas.
 */
export class CustomColumnsPrinter implements ResourcePrinter {
  readonly #columns: readonly CustomColumn[];
  readonly #noHeaders: boolean;
  /** A list and single objects each get headers of their own, once. */
  #headed: 'list' | 'object' | undefined;
  #paths: readonly JsonPath[] | undefined;

  private constructor(columns: readonly CustomColumn[], noHeaders: boolean) {
    this.#columns = columns;
    this.#noHeaders = noHeaders;
  }

  /** From `custom-columns=HEADER:PATH,…`. Throws UserError when that is written wrong. */
  static fromSpec(spec: string, noHeaders = false): CustomColumnsPrinter {
    if (spec === '') throw new UserError('custom-columns format specified but no custom columns given');
    const columns = spec.split(',').map((part) => {
      const colon = part.indexOf(':');
      if (colon < 0) {
        throw new UserError(`unexpected custom-columns spec: ${part}, expected <header>:<json-path-expr>`);
      }
      return { header: part.slice(0, colon), template: templateOf(part.slice(colon + 1)) };
    });
    return new CustomColumnsPrinter(columns, noHeaders);
  }

  /** From the content of `custom-columns-file=`: a line of headers and a line of paths, each separated by spaces. */
  static fromTemplate(content: string): CustomColumnsPrinter {
    const lines = content.split('\n');
    if (lines.at(-1) === '') lines.pop();
    const [headerLine, pathLine] = lines;
    if (headerLine === undefined) throw incomplete('header');
    if (pathLine === undefined) throw incomplete('spec');
    const headers = words(headerLine);
    const paths = words(pathLine);
    if (headers.length !== paths.length) {
      throw new UserError(
        `number of headers (${headers.length}) and field specifications (${paths.length}) don't match`,
      );
    }
    const columns = headers.map((header, index) => ({ header, template: templateOf(paths[index] ?? '') }));
    return new CustomColumnsPrinter(columns, false);
  }

  print(object: KubeObject | KubeList | Table, out: TextSink): void {
    out.write(layOutBlocks(this.#lines(object)));
  }

  run(out: TextSink): ObjectRun {
    const remembered: number[] = [];
    let lines: string[][] = [];
    return {
      add: (object) => {
        for (const line of this.#lines(object)) lines.push(line);
      },
      flush: () => {
        out.write(layOutBlocks(lines, remembered));
        lines = [];
      },
    };
  }

  #lines(object: KubeObject | KubeList | Table): string[][] {
    const items: unknown = 'items' in object ? object.items : undefined;
    const kind = Array.isArray(items) ? 'list' : 'object';
    const objects: unknown[] = Array.isArray(items) ? items : [object];
    const paths = (this.#paths ??= this.#columns.map(({ template }) => orUserError(() => parseJsonPath(template))));
    const rows = objects.filter(isJsonValue).map((each) => paths.map((path) => cellText(each, path)));
    if (!this.#noHeaders && this.#headed !== kind) rows.unshift(this.#columns.map(({ header }) => header));
    this.#headed = kind;
    return rows.flatMap(linesOf);
  }
}

function templateOf(path: string): string {
  return orUserError(() => relaxedExpression(path));
}

function orUserError<Result>(step: () => Result): Result {
  try {
    return step();
  } catch (error) {
    throw error instanceof JsonPathError ? new UserError(error.message) : error;
  }
}

function incomplete(line: 'header' | 'spec'): UserError {
  return new UserError(
    `invalid template, missing ${line} line. Expected format is one line of space separated headers, ` +
      'one line of space separated column specs.',
  );
}

function words(line: string): string[] {
  return line.split(/\s+/).filter((word) => word !== '');
}

function cellText(object: JsonValue, path: JsonPath): string {
  const found = orUserError(() => path.evaluate(object));
  const texts = found.flat().map((value) => escapeTerminal(goText(value)));
  if (found[0] === undefined || found[0].length === 0) texts.unshift('<none>');
  return texts.join(',');
}

/** Makes visible what would command a terminal (kubectl's EscapeTerminal). */
function escapeTerminal(text: string): string {
  return text.replaceAll('\u001b', '^[').replaceAll('\r', String.raw`\r`);
}

/** A line feed or a tab inside a cell ends it, as in tabwriter. */
function linesOf(row: readonly string[]): string[][] {
  return row
    .join('\t')
    .split('\n')
    .map((line) => line.split('\t'));
}
