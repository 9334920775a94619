import { goText } from '../model/go-text.ts';
import { isJsonObject } from '../model/json-value.ts';
import type { JsonValue } from '../model/json-value.ts';
import type { KubeList, KubeObject } from '../model/kube-object.ts';
import type { Table } from '../model/table.ts';
import { UserError } from '../model/user-error.ts';
import type { ResourcePrinter, TextSink } from './resource-printer.ts';

/** Prints text with `{{.field.chains}}` in it; throws UserError for any other action. */
export class GoTemplatePrinter implements ResourcePrinter {
  readonly #parts: string[];
  readonly #allowMissingKeys: boolean;

  constructor(text: string, { allowMissingKeys }: { readonly allowMissingKeys: boolean }) {
    if (text === '') throw new UserError('template format specified but no template given');
    this.#parts = text.split(/\{\{(.*?)\}\}/s);
    const other = this.#parts.find((part, index) => index % 2 === 1 && !/^\s*(?:(?:\.\w+)+|\.)\s*$/.test(part));
    if (other !== undefined) throw new UserError(`error parsing template ${text}, {{${other}}} is not supported`);
    this.#allowMissingKeys = allowMissingKeys;
  }

  print(object: KubeObject | KubeList | Table, out: TextSink): void {
    const texts = this.#parts.map((part, index) => (index % 2 === 0 ? part : this.#field(part.trim(), object)));
    out.write(texts.join(''));
  }

  #field(chain: string, object: unknown): string {
    let value = object;
    for (const name of chain.split('.').filter((part) => part !== '')) {
      value = isJsonObject(value) ? value[name] : undefined;
      if (value === undefined && !this.#allowMissingKeys) throw new UserError(`map has no entry for key "${name}"`);
    }
    return value === undefined ? '<no value>' : goText(value as JsonValue);
  }
}
