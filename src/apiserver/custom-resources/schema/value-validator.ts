import { deepEqual } from '../../../model/deep-equal.ts';
import type { FieldError } from '../../../model/field-error.ts';
import { goQuote } from '../../../model/go-text.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../model/json-value.ts';
import type { Regexp } from '../../../model/regexp/regexp.ts';
import { compilePattern } from './compile-pattern.ts';
import type { Correlation } from './correlation.ts';
import { checkedFormat, hasFormat } from './formats.ts';
import { itemIdentity } from './list-type-errors.ts';
import { numberIssues } from './number-issues.ts';
import { type Schema, valueSchemaOf } from './schema.ts';
import { issueError, ValidationResult, type ValueIssue } from './value-issue.ts';
import { wireJsonText } from '../../../model/wire-json.ts';

/** A value with its schema, its path in messages, and what it was before an update. */
interface Checked {
  readonly schema: Schema;
  readonly value: JsonValue;
  readonly path: string;
  readonly before: Correlation | undefined;
}

/** Validates values against a schema as kube-openapi's validator does, in its words. */
export class ValueValidator {
  readonly #schema: Schema;
  readonly #patterns = new Map<string, Regexp | string>();

  constructor(schema: Schema) {
    this.#schema = schema;
  }

  /** All that is wrong with a value at a path; of an update only what the update changed. */
  validate(value: JsonValue, path = '', before?: Correlation): FieldError[] {
    const result = this.#ratcheted({ schema: this.#schema, value, path: '', before });
    return result.issues.map((issue) => issueError(issue, path));
  }

  /** A value that is what it was is right, whatever the schema says now. */
  #ratcheted(checked: Checked): ValidationResult {
    const result = this.#check(checked);
    if (!result.valid && checked.before?.unchanged === true) result.clear();
    return result;
  }

  #check(checked: Checked): ValidationResult {
    const result = new ValidationResult();
    this.#type(result, checked);
    const { schema, value, path } = checked;
    if (value === null) {
      this.#enum(result, checked);
      return result;
    }
    this.#combinations(result, checked);
    result.matches++;
    if (typeof value === 'string') this.#string(result, checked, value);
    else if (typeof value === 'number' || typeof value === 'bigint') {
      for (const issue of numberIssues(schema, value, path)) result.add(issue);
      result.matches += 2;
    } else if (Array.isArray(value)) this.#list(result, checked, value);
    this.#enum(result, checked);
    result.matches++;
    if (isJsonObject(value)) this.#object(result, checked, value);
    result.matches++;
    return result;
  }

  #type(result: ValidationResult, { schema, value, path }: Checked): void {
    const types = typesOf(schema);
    const format = formatOf(schema);
    if (types.length === 0 && (format === '' || value === null)) return;
    const wrong = value === null ? wrongNull(types, schema) : wrongType(types, format, value);
    if (wrong === undefined) result.matches++;
    else result.add(typeIssue(path, ...wrong));
    if (value !== null) result.matches++;
  }

  #string(result: ValidationResult, { schema, path }: Checked, value: string): void {
    const issue = this.#stringIssue(schema, path, value);
    if (issue !== undefined) result.add(issue);
    result.matches++;
    const format = formatOf(schema);
    if (format === '') return;
    if (!hasFormat(format, value)) result.add(typeIssue(path, format, value));
    result.matches++;
  }

  #stringIssue({ maxLength, minLength, pattern }: Schema, name: string, value: string): ValueIssue | undefined {
    const length = maxLength === undefined && minLength === undefined ? 0 : Array.from(value).length;
    if (maxLength !== undefined && length > maxLength) {
      return {
        kind: 'too-long',
        name,
        most: maxLength,
        message: `${name} in body should be at most ${maxLength} chars long`,
      };
    }
    if (minLength !== undefined && length < minLength) {
      return { kind: 'invalid', name, value, message: `${name} in body should be at least ${minLength} chars long` };
    }
    if (pattern === '') return undefined;
    const compiled = this.#pattern(pattern);
    if (typeof compiled !== 'string' && compiled.test(value)) return undefined;
    const shown = typeof compiled === 'string' ? `${pattern}, but pattern is invalid: ${compiled}` : pattern;
    return { kind: 'invalid', name, value, message: `${name} in body should match '${shown}'` };
  }

  /** The compiled pattern, or why it is none. */
  #pattern(pattern: string): Regexp | string {
    let compiled = this.#patterns.get(pattern);
    if (compiled === undefined) {
      compiled = compilePattern(pattern);
      this.#patterns.set(pattern, compiled);
    }
    return compiled;
  }

  #list(result: ValidationResult, { schema, path, before }: Checked, value: readonly JsonValue[]): void {
    const { items, maxItems, minItems } = schema;
    if (items !== undefined) {
      for (const [index, item] of value.entries()) {
        const child = { schema: items, value: item, path: `${path}[${index}]`, before: before?.item(index) };
        result.merge(this.#ratcheted(child));
      }
    }
    const size = value.length;
    if (minItems !== undefined && size < minItems) {
      const message = `${path} in body should have at least ${minItems} items`;
      result.add({ kind: 'invalid', name: path, value: size, message });
    }
    if (maxItems !== undefined && size > maxItems) {
      const message = `${path} in body should have at most ${maxItems} items`;
      result.add({ kind: 'too-many', name: path, value: size, most: maxItems, message });
    }
    if (schema.uniqueItems && hasRepeated(value)) {
      result.add({ kind: 'invalid', name: path, message: `${path} in body shouldn't contain duplicates` });
    }
    result.matches += 2;
  }

  #enum(result: ValidationResult, { schema, value, path }: Checked): void {
    const choices = schema.enum;
    // A null is in no enumeration, not even in one that lists it.
    if (choices.length === 0 || (value !== null && choices.some((choice) => deepEqual(choice, value)))) return;
    const listed = choices.map((choice) => (typeof choice === 'string' ? choice : wireJsonText(choice))).join(' ');
    result.add({ kind: 'enum', name: path, value, choices, message: `${path} in body should be one of [${listed}]` });
  }

  #object(result: ValidationResult, checked: Checked, value: JsonObject): void {
    const { schema, path, before } = checked;
    sizeIssues(schema, path, Object.keys(value).length).forEach((issue) => result.add(issue));
    const child = (key: string, childSchema: Schema, name: string): void => {
      // apiVersion and kind of the object itself are always what they are now.
      const fixed = path === '' && (key === 'apiVersion' || key === 'kind');
      const correlated = fixed ? undefined : before?.field(key);
      result.merge(this.#ratcheted({ schema: childSchema, value: value[key] ?? null, path: name, before: correlated }));
    };
    const values = valueSchemaOf(schema);
    for (const key of Object.keys(value).sort()) {
      if (schema.properties.has(key)) continue;
      if (schema.additionalProperties === false) {
        const message = `${path}.${key} in body is a forbidden property`;
        result.add({ kind: 'invalid', name: path, value: key, message });
      } else if (values !== undefined) child(key, values, `${path}.${key}`);
    }
    for (const [name, property] of schema.properties) {
      if (Object.hasOwn(value, name)) child(name, property, path === '' ? name : `${path}.${name}`);
    }
    for (const name of schema.required) {
      if (Object.hasOwn(value, name)) continue;
      result.add({ kind: 'required', name: `${path}.${name}`, message: `${path}.${name} in body is required` });
    }
  }

  #combinations(result: ValidationResult, checked: Checked): void {
    const { schema, path } = checked;
    const check = (each: Schema): ValidationResult => this.#check({ ...checked, schema: each });
    if (schema.anyOf.length > 0) anyOf(result, path, schema.anyOf, check);
    if (schema.oneOf.length > 0) oneOf(result, path, schema.oneOf, check);
    if (schema.allOf.length > 0) allOf(result, path, schema.allOf, check);
    if (schema.not !== undefined && check(schema.not).valid) {
      result.add(composite(path, 'must not validate the schema (not)'));
    }
    result.matches++;
  }
}

type Check = (schema: Schema) => ValidationResult;

function anyOf(result: ValidationResult, path: string, schemas: readonly Schema[], check: Check): void {
  let best: ValidationResult | undefined;
  for (const schema of schemas) {
    const each = check(schema);
    if (each.valid) {
      result.merge(each);
      return;
    }
    if (best === undefined || each.matches > best.matches) best = each;
  }
  result.add(composite(path, 'must validate at least one schema (anyOf)'));
  if (best !== undefined) result.merge(best);
}

function oneOf(result: ValidationResult, path: string, schemas: readonly Schema[], check: Check): void {
  let best: ValidationResult | undefined;
  const good: ValidationResult[] = [];
  for (const schema of schemas) {
    const each = check(schema);
    if (each.valid) {
      good.push(each);
      best = undefined;
    } else if (good.length === 0 && (best === undefined || each.matches > best.matches)) best = each;
  }
  const [first] = good;
  if (good.length === 1 && first !== undefined) {
    result.merge(first);
    return;
  }
  const found = good.length === 0 ? 'Found none valid' : `Found ${good.length} valid alternatives`;
  result.add(composite(path, `must validate one and only one schema (oneOf). ${found}`));
  if (best !== undefined) result.merge(best);
}

function allOf(result: ValidationResult, path: string, schemas: readonly Schema[], check: Check): void {
  let good = 0;
  for (const schema of schemas) {
    const each = check(schema);
    if (each.valid) good++;
    result.merge(each);
  }
  if (good === schemas.length) return;
  result.add(composite(path, `must validate all the schemas (allOf)${good === 0 ? '. None validated' : ''}`));
}

function composite(path: string, text: string): ValueIssue {
  return { kind: 'composite', name: '', message: `${goQuote(path)} ${text}` };
}

/** `found` is the JSON type, or the text that lacks a format. */
function typeIssue(name: string, wanted: string, found: string): ValueIssue {
  const message = `${name} in body must be of type ${wanted}: ${goQuote(found)}`;
  return { kind: 'type', name, value: found, message };
}

/** A value that may be a number or a text is checked for formats of texts. */
function formatOf({ intOrString, type, format }: Schema): string {
  return checkedFormat(intOrString ? '' : type, format);
}

function typesOf({ intOrString, type }: Schema): string[] {
  if (intOrString) return ['integer', 'string'];
  return type === '' ? [] : [type];
}

type WrongType = readonly [wanted: string, found: string] | undefined;

function wrongNull(types: readonly string[], { nullable }: Schema): WrongType {
  return nullable ? undefined : [types.join(','), 'null'];
}

function wrongType(types: readonly string[], format: string, value: JsonValue): WrongType {
  const found = jsonType(value);
  const fits =
    types.includes(found) ||
    (found === 'number' && types.includes('integer') && Number.isInteger(value)) ||
    (found === 'integer' && types.includes('number'));
  if (fits) return undefined;
  const textual = found === 'string' || found === 'array';
  if (format !== '' && !textual) return [format, GO_FORMATS[found] ?? ''];
  // A text with a format is judged by that.
  const numeric = types.includes('number') || types.includes('integer');
  return format !== '' && !numeric ? undefined : [types.join(','), found];
}

const GO_FORMATS: Readonly<Record<string, string>> = { integer: 'int64', number: 'float64' };

function jsonType(value: JsonValue): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number' && !Number.isSafeInteger(value)) return 'number';
  return typeof value === 'number' || typeof value === 'bigint' ? 'integer' : typeof value;
}

function sizeIssues({ maxProperties, minProperties }: Schema, name: string, size: number): ValueIssue[] {
  const issues: ValueIssue[] = [];
  if (minProperties !== undefined && size < minProperties) {
    const message = `${name} in body should have at least ${minProperties} properties`;
    issues.push({ kind: 'invalid', name, value: size, message });
  }
  if (maxProperties !== undefined && size > maxProperties) {
    const message = `${name} in body should have at most ${maxProperties} properties`;
    issues.push({ kind: 'too-many', name, value: size, most: maxProperties, message });
  }
  return issues;
}

function hasRepeated(list: readonly JsonValue[]): boolean {
  return new Set(list.map(itemIdentity)).size < list.length;
}
