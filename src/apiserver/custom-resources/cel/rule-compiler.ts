import { type FieldError, invalidValue } from '../../../model/field-error.ts';
import type { RuleCompiler } from '../definition/schema-errors.ts';
import { childPath, indexPath } from '../field-path.ts';
import type { SchemaPlace } from '../schema/open-api-errors.ts';
import type { Schema, ValidationRule } from '../schema/schema.ts';
import type { CelType } from './cel-types.ts';
import { compileRules } from './compile-rules.ts';
import { CelLibrary, CompileError, type Expression, Expressions } from './expression.ts';

/** Compiles and checks the rules of definitions. */
export function ruleCompiler(): RuleCompiler {
  const library = new CelLibrary();
  return {
    compile: (schema) => compileRules(schema, schema.embeddedResource, library),
    check: (schema, place) => check(library, schema, place),
  };
}

function check(library: CelLibrary, schema: Schema, place: SchemaPlace): FieldError[] {
  const expressions = new Expressions(library);
  const type = expressions.types.typeOf(schema, place.isRoot || schema.embeddedResource);
  const path = childPath(place.path, 'x-kubernetes-validations');
  if (type === undefined) {
    return [{ type: 'InternalError', field: path, detail: 'failed to convert to declType for CEL validation rules' }];
  }
  return schema.validations.flatMap((rule, index) =>
    ruleErrors(expressions, type, rule, { ...place, path: indexPath(path, index) }),
  );
}

function ruleErrors(expressions: Expressions, type: CelType, rule: ValidationRule, place: SchemaPlace): FieldError[] {
  const { path, uncorrelatable } = place;
  const optional = rule.optionalOldSelf === true;
  const compile = (source: string): Expression | string => compiled(() => expressions.compile(source, type, optional));
  const expression = compile(rule.rule);
  if (typeof expression === 'string') {
    return [invalidValue(`${path}.rule`, goRule(rule), `compilation failed: ${expression}`)];
  }
  if (expression.type !== 'bool') {
    return [invalidValue(`${path}.rule`, goRule(rule), 'cel expression must evaluate to a bool')];
  }
  const errors = messageErrors(rule, path, compile);
  if (expression.usesOldSelf && uncorrelatable !== undefined) {
    const text = `oldSelf cannot be used on the uncorrelatable portion of the schema within ${uncorrelatable}`;
    errors.push(invalidValue(`${path}.rule`, rule.rule, text));
  } else if (!expression.usesOldSelf && rule.optionalOldSelf !== undefined) {
    const text = 'may not be set if oldSelf is not used in rule';
    errors.push(invalidValue(`${path}.optionalOldSelf`, rule.optionalOldSelf, text));
  }
  return errors;
}

function messageErrors(
  rule: ValidationRule,
  path: string,
  compile: (source: string) => Expression | string,
): FieldError[] {
  if (rule.messageExpression === '') return [];
  const message = compile(rule.messageExpression);
  const wrong = (detail: string): FieldError[] => [invalidValue(`${path}.messageExpression`, goRule(rule), detail)];
  if (typeof message === 'string') return wrong(`messageExpression compilation failed: ${message}`);
  return message.type === 'string' ? [] : wrong('messageExpression must evaluate to a string');
}

function compiled(compile: () => Expression): Expression | string {
  try {
    return compile();
  } catch (error) {
    if (error instanceof CompileError) return error.message;
    throw error;
  }
}

/** A rule as Go prints the internal struct. */
function goRule({ rule, message, messageExpression, reason, fieldPath, optionalOldSelf }: ValidationRule): unknown {
  return {
    Rule: rule,
    Message: message,
    MessageExpression: messageExpression,
    Reason: reason ?? null,
    FieldPath: fieldPath,
    OptionalOldSelf: optionalOldSelf ?? null,
  };
}
