import { duplicate, type FieldError, invalidValue, required, tooMany } from '../../../model/field-error.ts';
import { qualifiedNameMessages } from '../../../model/names.ts';
import { type Fields, objectsIn, textIn } from '../fields.ts';

/** What became of an expression. */
interface Checked {
  readonly source: string;
  readonly problem?: string;
}

/** Compiles the expressions of one policy or webhook; see PolicyExpressions. */
export interface ExpressionChecker {
  compile(source: string, types: readonly string[]): Checked;
  addVariable(name: string, source: string): Checked;
}

/** Makes the checker of an object's expressions, which may speak of `params` or not. */
export type ExpressionCheckers = (hasParams: boolean) => ExpressionChecker;

const MOST_CONDITIONS = 64;
const IDENTIFIER = /^[_a-zA-Z]\w*$/;
const RESERVED: ReadonlySet<string> = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
);

/** What keeps an expression from being compiled, or has it give another type than it must. */
export function compileErrors(
  checker: ExpressionChecker,
  source: string,
  path: string,
  types: readonly string[],
): FieldError[] {
  return problemErrors(checker.compile(source, types), path);
}

function problemErrors({ source, problem }: Checked, path: string): FieldError[] {
  return problem === undefined ? [] : [invalidValue(path, source, problem)];
}

/** What is wrong with match conditions (validateMatchConditions). */
export function conditionErrors(owner: Fields, checker: ExpressionChecker, path: string): FieldError[] {
  const conditions = objectsIn(owner, 'matchConditions');
  const names = conditions.map((condition) => textIn(condition, 'name'));
  const errors = conditions.length > MOST_CONDITIONS ? [tooMany(path, conditions.length, MOST_CONDITIONS)] : [];
  for (const [index, condition] of conditions.entries()) {
    const at = `${path}[${String(index)}]`;
    const name = names[index] ?? '';
    const source = textIn(condition, 'expression').trim();
    errors.push(
      ...(source === ''
        ? [required(`${at}.expression`)]
        : compileErrors(checker, source, `${at}.expression`, ['bool'])),
      ...(name === ''
        ? [required(`${at}.name`)]
        : qualifiedNameMessages(name).map((text) => invalidValue(`${at}.name`, name, text))),
      ...(name !== '' && names.indexOf(name) < index ? [duplicate(`${at}.name`, name)] : []),
    );
  }
  return errors;
}

/** What is wrong with the variables of a policy; those that are right are known to the expressions after them. */
export function variableErrors(spec: Fields, checker: ExpressionChecker, path: string): FieldError[] {
  return objectsIn(spec, 'variables').flatMap((variable, index) => {
    const at = `${path}[${String(index)}]`;
    const [name, source] = [textIn(variable, 'name'), textIn(variable, 'expression')];
    const good = IDENTIFIER.test(name) && !RESERVED.has(name);
    const errors = good
      ? []
      : name.trim() === ''
        ? [required(`${at}.name`, 'name is not specified')]
        : [invalidValue(`${at}.name`, name, 'name is not a valid CEL identifier')];
    if (source.trim() === '') return [...errors, required(`${at}.expression`, 'expression is not specified')];
    const compiled = good ? checker.addVariable(name, source) : checker.compile(source, []);
    return [...errors, ...problemErrors(compiled, `${at}.expression`)];
  });
}
