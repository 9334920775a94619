import type { JsonValue } from '../json-value.ts';
import { RawJson } from '../raw-json.ts';
import { Evaluation, type JsonPathOptions } from './evaluation.ts';
import { GoNumber } from './go-number.ts';
import type { JsonPathList } from './json-path-node.ts';
import { parseTemplate } from './parse-json-path.ts';

/**
 * A template of kubectl's JSONPath dialect, ready to be evaluated any number of times. The keys of an object are walked in
 * byte order (`*` and `..`), where Go's order is random.
 */
export class JsonPath {
  readonly template: string;
  readonly #root: JsonPathList;

  constructor(template: string, root: JsonPathList) {
    this.template = template;
    this.#root = root;
  }

  /**
   * What each part of the template finds: a list for each stretch of text and each action, repeated for each round of a
   * range. Values are shared with the input. Throws JsonPathError with client-go's message,
   * and when the template takes more steps than it may.
   */
  evaluate(value: JsonValue, options: JsonPathOptions = {}): JsonValue[][] {
    const evaluation = new Evaluation(this.#root.nodes, options);
    return evaluation.run(0, value).map((found) => found.map(plain));
  }
}

/** Reads a template. Throws JsonPathError with client-go's message: `unclosed action`. */
export function parseJsonPath(template: string): JsonPath {
  return new JsonPath(template, parseTemplate(template));
}

function plain(item: JsonValue | GoNumber | undefined): JsonValue {
  if (item instanceof GoNumber) return item.value;
  if (item instanceof RawJson) return item.toJSON();
  return item ?? null;
}
